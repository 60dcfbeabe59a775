import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { makeMp4 } from '../../demo/corpus/makeMedia.ts'
import { inspectInThread, rewriteInThread } from './contentThread.ts'
import { rewriteMedia } from './rewriteMedia.ts'

const { signal } = new AbortController()
const text = { contentType: 'text/plain' }

describe('in a thread of its own', () => {
  test('a file is inspected as without one', async () => {
    expect(await inspectInThread(Buffer.from('plain words'), text, { signal })).toEqual(text)
    expect(await inspectInThread(Buffer.from('caf\xe9', 'latin1'), text, { signal })).toEqual({ refused: 'text-not-utf8' })
  })
  test('a large file is handed over and not copied', async () => {
    const content = Buffer.alloc(1_000_000, 'a')
    expect(await inspectInThread(content, text, { signal })).toEqual(text)
    expect(content.length).toBe(0)
  })
  test('recordings and pictures are made new as without one', async () => {
    const movie = makeMp4(20)
    const picture = await sharp({ create: { width: 60, height: 40, channels: 3, background: 'teal' } })
      .png()
      .toBuffer()
    for (const [content, contentType] of [
      [movie, 'video/mp4'],
      [picture, 'image/png'],
    ] as const) {
      const direct = await rewriteMedia(Buffer.from(content), contentType)
      expect(await rewriteInThread(Buffer.from(content), contentType, { signal })).toEqual(direct)
      expect(direct).toHaveProperty('bytes')
    }
    expect(await rewriteInThread(Buffer.from(movie.subarray(0, 300)), 'video/mp4', { signal })).toEqual({ refused: 'media-unreadable' })
  })
  test('a file that takes longer than our patience is refused, not tried for ever', async () => {
    expect(await inspectInThread(Buffer.from('a'), text, { signal, budgetMs: 1 })).toEqual({ refused: 'engine-limits' })
    expect(await rewriteInThread(makeMp4(20), 'video/mp4', { signal, budgetMs: 1 })).toEqual({ refused: 'engine-limits' })
  })
  test('a cancelled look ends with the reason of its cancellation', async () => {
    const abort = new AbortController()
    const looking = inspectInThread(Buffer.from('a'), text, { signal: abort.signal })
    abort.abort(new Error('cancelled'))
    await expect(looking).rejects.toThrow('cancelled')
  })
})
