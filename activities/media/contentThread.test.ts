import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { buffer } from 'node:stream/consumers'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { contentTypes } from '../../demo/corpus/corpusFile.ts'
import { makeMp3, makeMp4 } from '../../demo/corpus/makeMedia.ts'
import { makeDocx } from '../../demo/corpus/makeOffice.ts'
import { ScanInterrupted } from '../../domain/scannerFault.ts'
import type { Spool } from '../spool/openSpool.ts'
import { readSpool } from '../spool/readSpool.ts'
import { createSpoolWriter } from '../spool/spoolWriter.ts'
import { withSpool } from '../spool/withSpool.ts'
import { toContent } from './content.ts'
import { inspectInThread, rewriteInThread } from './contentThread.ts'
import { rewriteMedia } from './rewriteMedia.ts'

const { signal } = new AbortController()
const contentType = 'text/plain'

const spooled = <T>(content: Buffer, work: (spool: Spool) => Promise<T>): Promise<T> =>
  withSpool(tmpdir(), async (spool) => {
    const writer = createSpoolWriter(spool)
    await writer.write(content)
    await writer.end()
    return work(spool)
  })
type Limits = Partial<Parameters<typeof inspectInThread>[1]>
const inspect = (content: Buffer, limits: Limits = {}) =>
  spooled(content, (spool) => inspectInThread({ spool, bytes: content.length, contentType }, { signal, isLastLook: false, ...limits }))
const rewrite = (content: Buffer, type: string, limits: Limits = {}) =>
  spooled(content, (spool) =>
    withSpool(tmpdir(), async (made) => {
      const rewritten = await rewriteInThread({ spool, bytes: content.length, contentType: type }, made, {
        signal,
        isLastLook: false,
        ...limits,
      })
      return 'refused' in rewritten ? rewritten : buffer(readSpool(made, rewritten.bytes))
    }),
  )

describe('in a thread of its own', () => {
  test('a file is inspected as without one', async () => {
    expect(await inspect(Buffer.from('plain words'))).toEqual({ contentType })
    expect(await inspect(Buffer.from('caf\xe9', 'latin1'))).toEqual({ refused: 'text-not-utf8' })
  })
  test('a file of many segments is inspected to its last byte', async () => {
    const content = Buffer.alloc(1_000_000, 'a')
    expect(await inspect(content)).toEqual({ contentType })
    content[content.length - 1] = 0
    expect(await inspect(content)).toEqual({ refused: 'text-not-utf8' })
  })
  test('recordings and pictures are made new as without one', async () => {
    const movie = makeMp4(20)
    const picture = await sharp({ create: { width: 60, height: 40, channels: 3, background: 'teal' } })
      .png()
      .toBuffer()
    for (const [content, type] of [
      [movie, 'video/mp4'],
      [picture, 'image/png'],
    ] as const) {
      const chunks: Buffer[] = []
      await rewriteMedia(toContent(content), type, (chunk) => chunks.push(chunk))
      expect(await rewrite(content, type)).toEqual(Buffer.concat(chunks))
    }
    expect(await rewrite(Buffer.from(movie.subarray(0, 300)), 'video/mp4')).toEqual({ refused: 'media-unreadable' })
  })
  const noise = randomBytes(300_000)
  const skipped = Buffer.concat([Buffer.from('000003e8', 'hex'), Buffer.from('skip'), Buffer.alloc(992)])
  test.each([
    ['text/plain', async () => Buffer.alloc(300_000, 'a')],
    ['application/pdf', async () => Buffer.concat([Buffer.from('%PDF-1.4\n'), Buffer.alloc(300_000, 'a')])],
    [contentTypes.docx, () => makeDocx(['a'], [{ path: 'word/media/a.bin', content: noise }])],
    ['audio/mpeg', async () => makeMp3(700)],
    ['video/mp4', async () => Buffer.concat([makeMp4(20), ...Array.from({ length: 300 }, () => skipped)])],
    [
      'image/png',
      () =>
        sharp(noise, { raw: { width: 400, height: 250, channels: 3 } })
          .png()
          .toBuffer(),
    ],
  ])('a spool of %s that is not what was sealed is a fault, and never a word about the file', async (type, make) => {
    const content = await make()
    const looked = spooled(content, async (spool) => {
      await spool.handle.write(Buffer.of(1, 2, 3), 0, 3, 140_000)
      return inspectInThread({ spool, bytes: content.length, contentType: type }, { signal, isLastLook: false })
    })
    await expect(looked).rejects.toMatchObject({ name: 'ThreadFault', message: 'StreamUnreadable' })
    const cut = spooled(content, (spool) =>
      inspectInThread({ spool, bytes: content.length + 70_000, contentType: type }, { signal, isLastLook: false }),
    )
    await expect(cut).rejects.toMatchObject({ message: 'StreamUnreadable' })
  })
  test('a first look that takes too long breaks off and says nothing of the file: the machine may be busy', async () => {
    await expect(inspect(Buffer.alloc(20_000_000, 'a'), { budgetMs: 1 })).rejects.toBeInstanceOf(ScanInterrupted)
  })
  test('a file that takes longer than our patience at its last look is refused, not tried for ever', async () => {
    expect(await inspect(Buffer.alloc(20_000_000, 'a'), { budgetMs: 1, isLastLook: true })).toEqual({ refused: 'engine-limits' })
    const long = Buffer.alloc(20_000_000)
    long.writeUInt32BE(long.length)
    long.write('skip', 4)
    expect(await rewrite(Buffer.concat([makeMp4(20), long]), 'video/mp4', { budgetMs: 1, isLastLook: true })).toEqual({
      refused: 'engine-limits',
    })
  })
  test('a cancelled look ends with the reason of its cancellation', async () => {
    const abort = new AbortController()
    const looking = inspect(Buffer.alloc(20_000_000, 'a'), { signal: abort.signal })
    setTimeout(() => abort.abort(new Error('cancelled')), 1)
    await expect(looking).rejects.toThrow('cancelled')
  })
})
