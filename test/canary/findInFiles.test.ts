import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findInFiles } from '../support/findInFiles.ts'

const token = 'canary0123456789abcdef'
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hallpass-canary-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const written = {
  'plain.log': `{"message":"${token}"}`,
  'heap.bin': Buffer.concat([Buffer.from([0, 255, 1]), Buffer.from(token), Buffer.from([0])]),
  'dump.sql': `\\x00${Buffer.from(token).toString('hex')}ff`,
  'first.json': Buffer.from(`${token}tail`).toString('base64'),
  'second.json': Buffer.from(`a${token}tail`).toString('base64'),
  'third.json': Buffer.from(`ab${token}tail`).toString('base64'),
}

test.each(Object.entries(written))('the search after the suite finds the token in %s', async (name, content) => {
  const path = join(folder, name)
  await writeFile(path, content)
  expect(await findInFiles([folder], token)).toEqual([path])
  await rm(path)
})

test('a folder without the token is found clean', async () => {
  await writeFile(join(folder, 'other.log'), 'canary without its number')
  expect(await findInFiles([folder], token)).toEqual([])
})

test('what cannot be searched is not taken for clean', async () => {
  await expect(findInFiles([join(folder, 'absent')], token)).rejects.toThrow('not searched')
})
