import { randomBytes } from 'node:crypto'
import { mkdtemp, open, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readContent } from '../media/content.ts'
import { createSpoolingStream } from '../spoolingStream.ts'
import { openSpool, toSpool, type Spool } from './openSpool.ts'
import { readSpool } from './readSpool.ts'
import { openSealedContent, openSealedWriter } from './sealedFile.ts'
import { createSpoolWriter } from './spoolWriter.ts'
import { withSpool } from './withSpool.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hallpass-spool-test-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const fill = async (spool: Spool, content: Buffer, chunkBytes = 50_000): Promise<void> => {
  const writer = createSpoolWriter(spool)
  for (let at = 0; at < content.length; at += chunkBytes) await writer.write(content.subarray(at, at + chunkBytes))
  await writer.end()
}
const openContent = ({ handle, key }: Spool, bytes: number) => openSealedContent({ fd: handle.fd, key }, bytes)

describe('a spool', () => {
  const content = randomBytes(300_000)

  test('gives back what was put in, as a whole and as often as it is asked', async () => {
    await withSpool(folder, async (spool) => {
      await fill(spool, content)
      for (const _ of [1, 2]) expect((await buffer(readSpool(spool, content.length))).equals(content)).toBe(true)
    })
  })

  test('gives back every part of it, wherever segments begin', async () => {
    await withSpool(folder, async (spool) => {
      await fill(spool, content, 999)
      const sealed = openContent(spool, content.length)
      const edges = [0, 1, 65_479, 65_480, 65_481, 131_000, 131_001, content.length - 1, content.length, content.length + 9]
      for (const start of edges) {
        for (const end of edges)
          expect(readContent(sealed.content, start, end).equals(content.subarray(start, Math.max(start, end)))).toBe(true)
      }
      const place = fc.nat({ max: content.length })
      fc.assert(
        fc.property(place, place, (start, end) =>
          readContent(sealed.content, start, end).equals(content.subarray(start, Math.max(start, end))),
        ),
      )
      expect(sealed.end()).toBeNull()
      expect(() => readContent(sealed.content, 0, 1)).toThrow()
    })
  })

  test('written in one thread is read in the other way too', async () => {
    await withSpool(folder, async (spool) => {
      const writer = openSealedWriter({ fd: spool.handle.fd, key: spool.key })
      for (let at = 0; at < content.length; at += 7_777) writer.write(content.subarray(at, at + 7_777))
      writer.end()
      expect((await buffer(readSpool(spool, content.length))).equals(content)).toBe(true)
    })
  })

  test('has no name while it is open, so that a killed process leaves nothing', async () => {
    await withSpool(folder, async (spool) => {
      await fill(spool, content)
      expect(await readdir(folder)).toEqual([])
    })
    expect(await readdir(folder)).toEqual([])
  })

  test('never holds a byte as it came', async () => {
    const canary = 'CANARY-of-a-childs-letter'
    await withSpool(folder, async (spool) => {
      await fill(spool, Buffer.from(canary.repeat(10_000)))
      const onDisk = await readFile(`/proc/self/fd/${spool.handle.fd}`)
      expect(onDisk.length).toBeGreaterThan(250_000)
      for (let cut = 0; cut < canary.length; cut += 1) expect(onDisk.includes(`${canary}${canary}`.slice(cut, cut + 8))).toBe(false)
    })
  })

  test('is sealed under a key of its own, which is forgotten', async () => {
    const keys = await Promise.all([
      withSpool(folder, async ({ key }) => [key, Buffer.from(key)]),
      withSpool(folder, async ({ key }) => [key, Buffer.from(key)]),
    ])
    const [[one, oneThen], [, otherThen]] = keys as [[Buffer, Buffer], [Buffer, Buffer]]
    expect(oneThen.equals(otherThen)).toBe(false)
    expect(one.equals(Buffer.alloc(32))).toBe(true)
  })

  test('that was changed or cut says so, and gives nothing of the segment', async () => {
    await withSpool(folder, async (spool) => {
      await fill(spool, content)
      await spool.handle.write(Buffer.of(0), 0, 1, 100_000)
      const sealed = openContent(spool, content.length)
      expect(readContent(sealed.content, 0, 10).equals(content.subarray(0, 10))).toBe(true)
      expect(() => readContent(sealed.content, 99_000, 99_001)).toThrow()
      expect(sealed.end()).toBe('StreamUnreadable')
      await expect(buffer(readSpool(spool, content.length))).rejects.toThrow()
      await spool.handle.truncate(200_000)
      expect(() => readContent(openContent(spool, content.length).content, 250_000, 250_001)).toThrow()
    })
  })

  test('on a full disk is an error of the stream, and gives no hash', async () => {
    const spool = toSpool(await open('/dev/full', 'r+'))
    const stream = createSpoolingStream(createSpoolWriter(spool), content.length)
    await expect(pipeline(Readable.from([content]), stream, (passed) => buffer(passed))).rejects.toMatchObject({ code: 'ENOSPC' })
    expect(() => stream.sha256()).toThrow('not ended')
    await spool.close()
  })

  test('cannot be opened where there is no folder', async () => {
    await expect(openSpool(join(folder, 'gone'))).rejects.toMatchObject({ code: 'ENOENT' })
  })
})
