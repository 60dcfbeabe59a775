import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import type { RefusalReason } from '../../domain/attachment.ts'
import { makeM4a, makeMp3, makeMp4, mediaPrivateMark } from '../../demo/corpus/makeMedia.ts'
import { toContent } from './content.ts'
import { openFields } from './contentFields.ts'
import { isRewritten } from './isRewritten.ts'
import { findBox, listBoxes } from './mp4Boxes.ts'
import { rewriteMedia } from './rewriteMedia.ts'

const remake = async (content: Buffer, contentType: string): Promise<{ bytes: Buffer } | { refused: RefusalReason }> => {
  const chunks: Buffer[] = []
  const rewritten = await rewriteMedia(toContent(content), contentType, (chunk) => chunks.push(chunk))
  const bytes = Buffer.concat(chunks)
  expect('refused' in rewritten ? 0 : rewritten.bytes).toBe(bytes.length)
  return 'refused' in rewritten ? rewritten : { bytes }
}
const rewrite = async (content: Buffer, contentType: string): Promise<Buffer> => {
  const rewritten = await remake(content, contentType)
  if ('refused' in rewritten) throw new Error(`refused: ${rewritten.refused}`)
  return rewritten.bytes
}

test('pictures and recordings are rewritten, texts and documents are not', () => {
  expect(['image/png', 'audio/mpeg', 'audio/mp4', 'video/mp4'].map(isRewritten)).toEqual([true, true, true, true])
  expect(['text/plain', 'application/pdf', 'image/svg+xml'].map(isRewritten)).toEqual([false, false, false])
})

const place = { IFD0: { Make: 'SECRETPHONE' }, IFD3: { GPSLatitude: '35/1 10/1 12/1', GPSLatitudeRef: 'N' } }
const tall = (format: 'jpeg' | 'png' | 'webp') =>
  sharp({ create: { width: 80, height: 40, channels: 3, background: 'teal' } })
    .withExif(place)
    .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"><secret>SECRETPHONE</secret></x:xmpmeta>')
    .withIccProfile('p3')
    .withMetadata({ orientation: 6 })
    .toFormat(format)
    .toBuffer()

describe('pictures', () => {
  test.each(['jpeg', 'png', 'webp'] as const)('a %s comes out upright, in its format, with nothing but the picture', async (format) => {
    const original = await tall(format)
    expect(original.includes('SECRETPHONE')).toBe(true)
    expect((await sharp(original).metadata()).orientation).toBe(6)
    const rewritten = await rewrite(original, `image/${format}`)
    const seen = await sharp(rewritten).metadata()
    expect(seen).toMatchObject({ format, width: 40, height: 80, space: 'srgb' })
    expect([seen.exif, seen.xmp, seen.icc, seen.iptc, seen.orientation ?? 1]).toEqual([undefined, undefined, undefined, undefined, 1])
    expect(rewritten.includes('SECRETPHONE')).toBe(false)
  })
  test('what hangs behind the end of a picture is gone', async () => {
    const rewritten = await rewrite(Buffer.concat([await tall('jpeg'), Buffer.from('PK\x03\x04 a zip behind it')]), 'image/jpeg')
    expect(rewritten.includes('a zip behind it')).toBe(false)
  })
  test.each(['gif', 'webp'] as const)('frames of a %s stay', async (format) => {
    const frames = ['red', 'green', 'blue'].map((background) => ({ create: { width: 20, height: 10, channels: 3 as const, background } }))
    const raw = await Promise.all(frames.map((frame) => sharp(frame).png().toBuffer()))
    const original = await sharp(raw, { join: { animated: true } })
      .toFormat(format)
      .toBuffer()
    const seen = await sharp(await rewrite(original, `image/${format}`), { animated: true }).metadata()
    expect(seen).toMatchObject({ format, pages: 3, width: 20, pageHeight: 10 })
  })
  test('a damaged picture is refused', async () => {
    const original = await tall('jpeg')
    expect(await remake(original.subarray(0, original.length - 200), 'image/jpeg')).toEqual({ refused: 'image-unreadable' })
  })
})

const uint32 = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 4)
  values.forEach((value, index) => bytes.writeUInt32BE(value, index * 4))
  return bytes
}
const box = (type: string, ...content: Buffer[]): Buffer => {
  const body = Buffer.concat(content)
  return Buffer.concat([uint32(body.length + 8), Buffer.from(type, 'latin1'), body])
}

const fieldsOf = (content: Buffer) => openFields(toContent(content))
const movieOf = (content: Buffer) => {
  const movie = listBoxes(fieldsOf(content), 0, content.length).find(({ type }) => type === 'moov')
  if (movie === undefined) throw new Error('there is no movie')
  return movie
}
const soundOf = (content: Buffer): Buffer => {
  const data = listBoxes(fieldsOf(content), 0, content.length).find(({ type }) => type === 'mdat')
  return content.subarray(data?.body, data?.end)
}

/** A movie with one track, of places, whose only sample is `secret`, where `offset` says. */
const makePlaces = (secret: string, offset?: number): Buffer => {
  const type = box('ftyp', Buffer.from('isom'), uint32(0), Buffer.from('isom'))
  const toMovie = (chunkOffset: number): Buffer => {
    const tables = box(
      'stbl',
      box('stsc', uint32(0, 1, 1, 1, 1)),
      box('stsz', uint32(0, 0, 1, secret.length)),
      box('stco', uint32(0, 1, chunkOffset)),
    )
    const handler = box('hdlr', uint32(0, 0), Buffer.from('meta'), uint32(0, 0, 0), Buffer.from('SECRETNAME\0'))
    const track = box('trak', box('tkhd', Buffer.alloc(84)), box('mdia', box('mdhd', Buffer.alloc(24)), handler, box('minf', tables)))
    return box('moov', box('mvhd', Buffer.alloc(100, 1)), track)
  }
  const at = offset ?? type.length + toMovie(0).length + 8
  return Buffer.concat([type, toMovie(at), box('mdat', Buffer.from(secret), Buffer.from('SOUND'))])
}

describe('MP4', () => {
  test.each([
    ['video/mp4', makeMp4],
    ['audio/mp4', makeM4a],
  ] as const)('%s loses its place and keeps length, tables and samples', async (contentType, make) => {
    const original = make(30)
    const copy = Buffer.from(original)
    const rewritten = await rewrite(original, contentType)
    expect(original.includes(mediaPrivateMark)).toBe(true)
    expect(rewritten.includes(mediaPrivateMark)).toBe(false)
    expect(original.equals(copy)).toBe(true)
    expect(rewritten.length).toBe(original.length)
    expect(soundOf(rewritten).equals(soundOf(original))).toBe(true)
    const tables = findBox(fieldsOf(rewritten), movieOf(rewritten), ['trak', 'mdia', 'minf', 'stbl', 'stco'])
    expect(tables).not.toBeNull()
  })
  test('boxes that a player does not need are emptied, wherever they stand', async () => {
    const hidden = ['uuid', 'meta', 'udta', 'XMP_', 'free', 'skip', 'emsg', 'sefd'].map((type) => box(type, Buffer.from('SECRETPLACE')))
    const rewritten = await rewrite(Buffer.concat([makeMp4(5), ...hidden]), 'video/mp4')
    expect(rewritten.includes('SECRETPLACE')).toBe(false)
    expect(
      listBoxes(fieldsOf(rewritten), 0, rewritten.length)
        .slice(-hidden.length)
        .every(({ type }) => type === 'free'),
    ).toBe(true)
  })

  test('a track of places goes with its samples, and the rest of the data stays', async () => {
    const rewritten = await rewrite(makePlaces('SECRETPLACE'), 'video/mp4')
    expect(rewritten.includes('SECRETPLACE')).toBe(false)
    expect(rewritten.includes('SECRETNAME')).toBe(false)
    expect(soundOf(rewritten).toString('latin1')).toBe(`${'\0'.repeat(11)}SOUND`)
  })
  test('a track whose samples are said to lie outside of the data is refused', async () => {
    for (const offset of [0, 8, 100_000, 0xffffffff]) {
      expect(await remake(makePlaces('SECRETPLACE', offset), 'video/mp4')).toEqual({ refused: 'media-unreadable' })
    }
  })
  test('times of recording are forgotten', async () => {
    const rewritten = await rewrite(makePlaces('x'), 'video/mp4')
    const header = findBox(fieldsOf(rewritten), movieOf(rewritten), ['mvhd'])
    expect(rewritten.subarray((header?.body ?? 0) + 4, (header?.body ?? 0) + 20).every((byte) => byte === 0)).toBe(true)
  })
  test('a file cut anywhere is refused or comes out as long as it was, and never throws', async () => {
    const original = makeMp4(5)
    for (let length = 1; length < original.length; length += 7) {
      const rewritten = await remake(original.subarray(0, length), 'video/mp4')
      expect('refused' in rewritten ? length : rewritten.bytes.length).toBe(length)
    }
  })
  test('any single wrong byte is refused or walked, and never throws', async () => {
    const original = makeMp4(2)
    for (let at = 0; at < original.length; at += 1) {
      const broken = Buffer.from(original)
      broken[at] = 0xff
      const rewritten = await remake(broken, 'video/mp4')
      expect('refused' in rewritten ? original.length : rewritten.bytes.length).toBe(original.length)
    }
  })
})

/** A movie whose one track, of places, has `chunks` chunks of one sample of `sampleBytes`, all in the last of `boxes` pieces of data. */
const makeChunks = ({ boxes, chunks, sampleBytes }: { boxes: number; chunks: number; sampleBytes: number }): Buffer => {
  const type = box('ftyp', Buffer.from('isom\0\0\0\0isommp42'))
  const data = Buffer.concat([
    ...Array.from({ length: boxes - 1 }, () => box('mdat', Buffer.alloc(1))),
    box('mdat', Buffer.alloc(sampleBytes)),
  ])
  const offsets = Buffer.alloc(chunks * 4)
  for (let chunk = 0; chunk < chunks; chunk += 1) offsets.writeUInt32BE(type.length + data.length - sampleBytes, chunk * 4)
  const tables = box(
    'stbl',
    box('stco', uint32(0, chunks), offsets),
    box('stsc', uint32(0, 1, 1, 1, 1)),
    box('stsz', uint32(0, sampleBytes, chunks)),
  )
  const handler = box('hdlr', uint32(0, 0), Buffer.from('meta'), Buffer.alloc(12))
  const media = box('mdia', box('mdhd', Buffer.alloc(24)), handler, box('minf', tables))
  return Buffer.concat([type, data, box('moov', box('mvhd', Buffer.alloc(100)), box('trak', box('tkhd', Buffer.alloc(84)), media))])
}

describe('MP4 that asks for endless work', () => {
  test('many chunks over many pieces of data are found without trying each', async () => {
    const original = makeChunks({ boxes: 40_000, chunks: 400_000, sampleBytes: 1 })
    expect((await rewrite(original, 'video/mp4')).length).toBe(original.length)
  })
  test('more chunks than any recording has are refused', async () => {
    expect(await remake(makeChunks({ boxes: 1, chunks: 1_000_001, sampleBytes: 1 }), 'video/mp4')).toEqual({
      refused: 'media-unreadable',
    })
  })
  test('samples on top of each other, more than there is data, are refused', async () => {
    expect(await remake(makeChunks({ boxes: 1, chunks: 400_000, sampleBytes: 1_000_000 }), 'video/mp4')).toEqual({
      refused: 'media-unreadable',
    })
  })
})

const frames = (count: number) => {
  const content = makeMp3(count)
  return content.subarray(content.indexOf(Buffer.from('fffb90c4', 'hex')))
}
const tag = (text: string) => Buffer.concat([Buffer.from('TAG'), Buffer.from(text.padEnd(125, '\0'), 'latin1')])

describe('MP3', () => {
  test('tags in front, behind and in between are gone, and every frame stays', async () => {
    const ape = Buffer.from('APETAGEX SECRETPLACE '.repeat(5))
    const original = Buffer.concat([makeMp3(10), tag('SECRETPLACE'), frames(10), ape, tag('SECRETPLACE')])
    expect((await rewrite(original, 'audio/mpeg')).equals(frames(20))).toBe(true)
  })
  test('a tag full of frame marks does not hide the sound', async () => {
    const size = Buffer.from([0, 0, 8, 0])
    const original = Buffer.concat([Buffer.from('ID3'), Buffer.from([4, 0, 0]), size, Buffer.alloc(1_024, 'fffb90c4', 'hex'), frames(10)])
    expect((await rewrite(original, 'audio/mpeg')).equals(frames(10))).toBe(true)
  })
  test('a last frame that is cut off is left out', async () => {
    expect((await rewrite(frames(10).subarray(0, 417 * 9 + 100), 'audio/mpeg')).equals(frames(9))).toBe(true)
  })
  test('what is hardly sound at all is refused', async () => {
    expect(await remake(Buffer.alloc(5_000, 0xff), 'audio/mpeg')).toEqual({ refused: 'media-unreadable' })
    expect(await remake(Buffer.concat([frames(5), Buffer.alloc(10_000, 'a')]), 'audio/mpeg')).toEqual({ refused: 'media-unreadable' })
  })
})
