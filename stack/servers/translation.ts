import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ApertiumFiles } from '../binaries/findApertium.ts'
import { waitUntilHealthy } from '../waitUntilHealthy.ts'
import { childEnvironment } from './childEnvironment.ts'
import type { Server, ServerContext } from './server.ts'

/** Where `TranslateText` is answered, by AWS's own protocol; `endpoint` is null, and `problem` says why, where Apertium could not be had. */
export type TranslationAddress = { endpoint: string; problem: null } | { endpoint: null; problem: string }

const component = 'Translations (Apertium)'
const main = fileURLToPath(new URL('../apertium/translationMain.ts', import.meta.url))

/** The stack's translator: speaks Amazon Translate's protocol on loopback and translates with Apertium. Its programs start when they are first needed. */
export const startTranslation = async (
  context: ServerContext,
  options: { files: ApertiumFiles; port: number },
): Promise<Server<TranslationAddress & { endpoint: string }>> => {
  const { files, port } = options
  const folder = join(context.folder, 'translation')
  mkdirSync(folder, { recursive: true })
  const started = await context.supervisor.start({
    name: 'translation',
    command: process.execPath,
    args: [main, String(port), files.root, ...files.libraryFolders],
    env: childEnvironment(),
    cwd: folder,
    logFile: join(context.folder, 'logs', 'translation.log'),
  })
  const endpoint = `http://127.0.0.1:${port}`
  const check = async (): Promise<boolean> => (await fetch(`${endpoint}/calls`)).ok
  await waitUntilHealthy({ component, process: started, check, mend: 'read the log named above' })
  return { address: { endpoint, problem: null }, process: started }
}
