import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createAwsTranslator } from '../../clients/awsTranslator.ts'
import type { Translator } from '../../domain/ports.ts'
import { findApertium } from '../../stack/binaries/findApertium.ts'
import { choosePorts } from '../../stack/choosePorts.ts'
import { startSupervisor } from '../../stack/processes/startSupervisor.ts'
import { startTranslation } from '../../stack/servers/translation.ts'

const folder = fileURLToPath(new URL('../../.stack/bench-translation', import.meta.url))

const tell = (what: string): void => void process.stderr.write(`${what}\n`)

/** The stack’s translation endpoint alone, and before it the client that the worker has. */
export type Translating = { translator: Translator; endpoint: string }

/** Lends both, and ends the endpoint afterwards. @throws StackProblem where Apertium cannot be had. */
export const withTranslator = async <Answer>(use: (translating: Translating) => Promise<Answer>): Promise<Answer> => {
  const files = await findApertium(tell)
  mkdirSync(folder, { recursive: true })
  const supervisor = startSupervisor(folder)
  try {
    const { translation: port } = await choosePorts(folder, ['translation'])
    const { address } = await startTranslation({ supervisor, folder, tell }, { files, port })
    const { endpoint } = address
    return await use({ translator: createAwsTranslator({ region: 'us-east-1', endpoint, provider: 'Apertium' }), endpoint })
  } finally {
    await supervisor.close()
  }
}
