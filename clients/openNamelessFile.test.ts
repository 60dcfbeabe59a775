import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openNamelessFile } from './openNamelessFile.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hallpass-nameless-'))
})
afterEach(() => rm(folder, { recursive: true }))

test('what was appended is read from its first byte, as often as it is asked for, and nothing has a name meanwhile', async () => {
  const file = await openNamelessFile(folder)
  await file.append('one, ')
  await file.append(Readable.from(['two']))
  expect(await readdir(folder)).toEqual([])
  for (let time = 0; time < 2; time += 1) expect((await buffer(file.read())).toString()).toBe('one, two')
  await file.close()
})

test('a reader that breaks off leaves the file open for the next one, and for its own close', async () => {
  const file = await openNamelessFile(folder)
  await file.append('x'.repeat(1_000_000))
  const broken = file.read()
  await once(broken, 'data')
  const closed = once(broken, 'close')
  broken.destroy()
  await closed
  expect((await buffer(file.read())).length).toBe(1_000_000)
  await expect(file.close()).resolves.toBeUndefined()
})
