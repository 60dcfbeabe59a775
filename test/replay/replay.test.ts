import { readdir, readFile } from 'node:fs/promises'
import { Worker } from '@temporalio/worker'
import { DeterminismViolationError } from '@temporalio/workflow'
import { describe, expect, test } from 'vitest'
import { createDataConverter } from '../../clients/temporalDataConverter.ts'
import { createPayloadCodec, isEncrypted } from '../../crypto/payloadCodec.ts'
import * as workflows from '../../workflows/registered.ts'
import '../support/quietRuntime.ts'
import { replayRing } from '../support/replayRing.ts'
import { present } from '../support/present.ts'
import { readWorkflowBundle } from '../support/readWorkflowBundle.ts'

const folder = new URL('histories/', import.meta.url)
const files = await readdir(folder)
const dataConverter = createDataConverter(replayRing)
const workflowBundle = await readWorkflowBundle()
const replay = (history: unknown) => Worker.runReplayHistory({ workflowBundle, dataConverter }, history)
const read = async (file: string): Promise<unknown> => JSON.parse(await readFile(new URL(file, folder), 'utf8'))

describe('every saved history replays (law 9)', () => {
  test.each(files)('%s', async (file) => {
    await expect(replay(await read(file))).resolves.toBeUndefined()
  })

  test('and a history that this code could not have made does not', async () => {
    const text = await readFile(new URL('scanAttachment.clean.json', folder), 'utf8')
    await expect(replay(JSON.parse(text.replaceAll('"removeIncoming"', '"closeAttachment"')))).rejects.toThrow(DeterminismViolationError)
  })

  test('for each workflow there is at least one', () => {
    const saved = new Set(files.map((file) => file.split('.')[0]))
    expect(saved).toEqual(new Set(Object.keys(workflows)))
  })

  test('and none names a machine, a folder or a person', async () => {
    const decoded = await Promise.all(files.map(async (file) => decodeAll(await readFile(new URL(file, folder), 'utf8'))))
    for (const text of decoded) expect(text).not.toMatch(/@example\.org|file:\/\/|\.ts:\d+|\/home\/|\/root\/|\/tmp\/|\d@\w/)
  })
})

/** The text with every payload's plaintext behind it. */
const decodeAll = async (text: string): Promise<string> => {
  const codec = createPayloadCodec(replayRing)
  const payloads = [...text.matchAll(/"metadata":\s*\{([^}]*)\},\s*"data":\s*"([^"]*)"/g)]
  const plain = await Promise.all(
    payloads.map(async ([, metadata, data]) => {
      const entries = Object.entries(JSON.parse(`{${metadata}}`) as Record<string, string>)
      const stored = {
        metadata: Object.fromEntries(entries.map(([name, value]) => [name, Buffer.from(value, 'base64')])),
        data: Buffer.from(present(data), 'base64'),
      }
      const [opened] = isEncrypted(stored) ? await codec.decode([stored]) : [stored]
      return Buffer.from(opened?.data ?? []).toString()
    }),
  )
  return [text, ...plain].join('\n')
}
