import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openLocalKeyService } from '../../clients/localKeyFile.ts'
import { ensurePayloadKeyRing, loadPayloadKeyRing } from '../../clients/payloadKeyRingFile.ts'
import { createPayloadCodec } from '../../crypto/payloadCodec.ts'
import { addKey, createKeyRing, parseWrappedKeyRing, promoteKey, unwrapKeyRing } from '../../crypto/payloadKeyRing.ts'
import type { KeyService } from '../../domain/ports.ts'

const run = promisify(execFile)
let folder: string
let keys: KeyService
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hallpass-ring-'))
  keys = await openLocalKeyService(join(folder, 'keys'))
})
afterAll(() => rm(folder, { recursive: true }))

test('processes that start at once share one ring, and it never changes by itself', async () => {
  const path = join(folder, 'new', 'ring.json')
  await Promise.all(Array.from({ length: 6 }, () => ensurePayloadKeyRing(keys, path)))
  const first = await readFile(path, 'utf8')
  await ensurePayloadKeyRing(keys, path)
  expect(await readFile(path, 'utf8')).toBe(first)
  const ring = await loadPayloadKeyRing(keys, path)
  expect(ring.keys.get(ring.current)).toHaveLength(32)
  expect(first).not.toContain(ring.keys.get(ring.current)?.toString('base64'))
})

test('a damaged ring is refused and left as it is', async () => {
  const path = join(folder, 'damaged.json')
  for (const text of ['', '{}', '{"current":"a","keys":{}}', '{"current":"a","keys":{"b":"AAAA"}}']) {
    await writeFile(path, text)
    await expect(ensurePayloadKeyRing(keys, path)).rejects.toThrow()
    await expect(loadPayloadKeyRing(keys, path)).rejects.toThrow()
    expect(await readFile(path, 'utf8')).toBe(text)
  }
})

test('a missing ring is an error for a process that only reads it', async () => {
  await expect(loadPayloadKeyRing(keys, join(folder, 'nowhere.json'))).rejects.toThrow('ENOENT')
})

test('a key is added, then promoted, and every history stays readable for every process in between', async () => {
  const original = await createKeyRing(keys)
  const added = await addKey(keys, original)
  const promoted = promoteKey(added.ring, added.keyId)
  const rings = await Promise.all(
    [original, added.ring, promoted].map((ring) => unwrapKeyRing(keys, parseWrappedKeyRing(JSON.stringify(ring)))),
  )
  const [before, between, after] = rings.map(createPayloadCodec) as [
    ReturnType<typeof createPayloadCodec>,
    ReturnType<typeof createPayloadCodec>,
    ReturnType<typeof createPayloadCodec>,
  ]
  for (const [writer, reader] of [
    [before, between],
    [before, after],
    [between, before],
    [after, between],
  ] as const) {
    const [decoded] = await reader.decode(await writer.encode([{ data: Buffer.from('x') }]))
    expect(Buffer.from(decoded?.data ?? []).toString()).toBe('x')
  }
  expect(() => promoteKey(original, added.keyId)).toThrow(RangeError)
})

test('a wrapped key moved to another id is refused', async () => {
  const ring = await createKeyRing(keys)
  const moved = { current: 'other', keys: { other: ring.keys[ring.current] as string } }
  await expect(unwrapKeyRing(keys, moved)).rejects.toThrow()
})

test('the command adds a key, promotes it, and the file stays readable all the way', async () => {
  const path = join(folder, 'rotated.json')
  await ensurePayloadKeyRing(keys, path)
  const env = { ...process.env, PAYLOAD_KEY_RING_FILE: path, KEY_FILE: join(folder, 'keys') }
  const script = fileURLToPath(new URL('../../scripts/payloadKeys.ts', import.meta.url))
  const payloadKeys = async (...args: string[]): Promise<string> => (await run(process.execPath, [script, ...args], { env })).stdout.trim()
  const before = await loadPayloadKeyRing(keys, path)
  const keyId = await payloadKeys('add')
  expect((await loadPayloadKeyRing(keys, path)).current).toBe(before.current)
  await payloadKeys('promote', keyId)
  const after = await loadPayloadKeyRing(keys, path)
  expect(after.current).toBe(keyId)
  expect(after.keys.get(before.current)).toEqual(before.keys.get(before.current))
  expect(await payloadKeys('list')).toBe(`${before.current}\n${keyId} (current)`)
  await expect(payloadKeys('promote', 'nothing')).rejects.toThrow()
  expect((await loadPayloadKeyRing(keys, path)).current).toBe(keyId)
})
