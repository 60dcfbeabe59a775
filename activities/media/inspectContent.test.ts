import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { makeMp3, makeMp4 } from '../../demo/corpus/makeMedia.ts'
import { toContent } from './content.ts'
import { inspectContent } from './inspectContent.ts'

const inspect = (content: Buffer | string, contentType: string) => inspectContent(toContent(Buffer.from(content)), { contentType })

describe('texts', () => {
  test.each([
    'plain words\r\n\tand more',
    '\ufeffwith a mark',
    'मराठी, 中文, العربية, emoji 🎒',
    'BMW begins like a bitmap',
    '<svg/> is only text here',
  ])('UTF-8 without control characters passes: %s', async (text) => {
    expect(await inspect(text, 'text/plain')).toEqual({ contentType: 'text/plain' })
  })
  test.each([
    ['Latin-1', Buffer.from('caf\xe9', 'latin1')],
    ['UTF-16', Buffer.from('\ufeffhello', 'utf16le')],
    ['a NUL', Buffer.from('a,b\0c')],
    ['an escape sequence', Buffer.from('\x1b[31mred')],
    ['a surrogate in UTF-8', Buffer.from('eda080', 'hex')],
  ])('%s is refused', async (_, content) => {
    expect(await inspect(content, 'text/csv')).toEqual({ refused: 'text-not-utf8' })
  })
  test('nothing is refused as empty', async () => {
    expect(await inspect('', 'text/plain')).toEqual({ refused: 'empty' })
  })
  test('a PDF called text is refused', async () => {
    expect(await inspect('%PDF-1.7\n', 'text/plain')).toEqual({ refused: 'type-mismatch' })
  })
})

describe('pictures and recordings', () => {
  const picture = sharp({
    create: { width: 60, height: 40, channels: 3, background: 'black', noise: { type: 'gaussian', mean: 120, sigma: 40 } },
  })
  test.each(['jpeg', 'png', 'gif', 'webp'] as const)('a whole %s passes, a cut one does not', async (format) => {
    const content = await picture.clone().toFormat(format).toBuffer()
    expect(await inspect(content, `image/${format}`)).toEqual({ contentType: `image/${format}` })
    expect(await inspect(content.subarray(0, content.length / 2), `image/${format}`)).toEqual({ refused: 'image-unreadable' })
  })
  test('a picture under the name of another is refused', async () => {
    expect(await inspect(await picture.clone().png().toBuffer(), 'image/jpeg')).toEqual({ refused: 'type-mismatch' })
  })
  test('too many pixels are refused before they are decoded', async () => {
    const flood = await sharp({ create: { width: 8_000, height: 5_001, channels: 3, background: 'white' } })
      .png()
      .toBuffer()
    expect(await inspect(flood, 'image/png')).toEqual({ refused: 'image-too-many-pixels' })
  })
  test('recordings that can be walked pass, noise does not', async () => {
    expect(await inspect(makeMp4(20), 'video/mp4')).toEqual({ contentType: 'video/mp4' })
    expect(await inspect(makeMp3(20), 'audio/mpeg')).toEqual({ contentType: 'audio/mpeg' })
    expect(await inspect(Buffer.alloc(5_000, 'noise'), 'video/mp4')).toEqual({ refused: 'type-mismatch' })
    expect(await inspect(makeMp4(20).subarray(0, 300), 'video/mp4')).toEqual({ refused: 'media-unreadable' })
  })
})

test('a file over the ceiling is refused, whatever it is', async () => {
  expect(await inspect(Buffer.alloc(95 * 1024 * 1024 + 1, 'a'), 'text/plain')).toEqual({ refused: 'too-large' })
})
