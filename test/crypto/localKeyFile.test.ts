import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { KeyRefused } from '../../clients/keyRefused.ts'
import { createKeyVersion, readKeyVersion } from '../../clients/keyVersionFile.ts'
import type { KeyVersion } from '../../clients/keyVersionFile.ts'
import { openLocalKeyService } from '../../clients/localKeyFile.ts'
import { describeKeyService } from './keyServiceContract.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hallpass-keys-'))
})
afterAll(() => rm(folder, { recursive: true }))

describeKeyService('the local key file', () => openLocalKeyService(folder))

test('processes that start at once agree on one key', async () => {
  const script = fileURLToPath(new URL('./ensureKeyOnce.ts', import.meta.url))
  const run = promisify(execFile)
  const outputs = await Promise.all(Array.from({ length: 4 }, () => run(process.execPath, [script, folder, 'fleet/started-at-once'])))
  const keys = await openLocalKeyService(folder)
  for (const { stdout } of outputs) {
    const made = JSON.parse(stdout) as { plaintext: string; wrapped: string }
    const unwrapped = await keys.unwrapDataKey('fleet/started-at-once', Buffer.from(made.wrapped, 'hex'), { from: 'child' })
    expect(unwrapped.toString('hex')).toBe(made.plaintext)
  }
})

test('a version that is there is never replaced', async () => {
  const first: KeyVersion = { keyName: 'district/kept', version: 1, purpose: 'encrypt', material: 'Zmlyc3Q=' }
  expect(await createKeyVersion(folder, first)).toBe(true)
  expect(await createKeyVersion(folder, { ...first, material: 'c2Vjb25k' })).toBe(false)
  expect(await readKeyVersion(folder, 'district/kept', 1)).toEqual(first)
})

test('after a rotation old wrapped keys still unwrap, and new ones are made by the new version', async () => {
  const keys = await openLocalKeyService(folder)
  await keys.ensureKey('district/rotated', 'encrypt')
  const before = await keys.generateDataKey('district/rotated', {})
  await keys.rotateKey('district/rotated')
  const after = await keys.generateDataKey('district/rotated', {})
  expect(await keys.unwrapDataKey('district/rotated', before.wrapped, {})).toEqual(before.plaintext)
  expect(await keys.unwrapDataKey('district/rotated', after.wrapped, {})).toEqual(after.plaintext)
  expect([before.wrapped.readUInt32BE(0), after.wrapped.readUInt32BE(0)]).toEqual([1, 2])
})

test('nobody but the owner can read the folder or a key, and no draft is left', async () => {
  const keys = await openLocalKeyService(folder)
  await keys.ensureKey('safety', 'encrypt')
  expect((await stat(folder)).mode & 0o777).toBe(0o700)
  for (const name of await readdir(folder)) {
    expect(name).not.toContain('draft')
    expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600)
  }
})

test('a key file renamed to another key is refused', async () => {
  const keys = await openLocalKeyService(folder)
  await keys.ensureKey('district/renamed', 'encrypt')
  await rename(join(folder, 'district%2Frenamed.v1.json'), join(folder, 'district%2Fother.v1.json'))
  await expect(keys.generateDataKey('district/other', {})).rejects.toThrow(KeyRefused)
})

test('production refuses keys on a local disk', async () => {
  for (const env of [{ NODE_ENV: 'production' }, { HALLPASS_ENV: 'production' }]) {
    await expect(openLocalKeyService(folder, env)).rejects.toThrow('not for production')
  }
})
