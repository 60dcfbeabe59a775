import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { listCorpus } from '../../demo/corpus/listCorpus.ts'
import { imagePrivateMark } from '../../demo/corpus/makeImage.ts'
import { mediaPrivateMark } from '../../demo/corpus/makeMedia.ts'
import { makeEditedMp4, makeEditedPhoto, makeTaggedMp3 } from '../../demo/corpus/makeTagged.ts'
import { toContent } from './content.ts'
import { rewriteMedia } from './rewriteMedia.ts'

const rewrite = async (original: Buffer, contentType: string): Promise<Buffer> => {
  const chunks: Buffer[] = []
  expect(await rewriteMedia(toContent(original), contentType, (chunk) => chunks.push(chunk))).not.toHaveProperty('refused')
  return Buffer.concat(chunks)
}

/** How often it says where it was made. */
const countMarks = (content: Buffer, mark: string): number => content.toString('latin1').split(mark).length - 1

test('a photo that an editor wrote XMP, IPTC, a comment and a text in its colour profile into keeps none of it', async () => {
  const original = await makeEditedPhoto({ width: 60, height: 40 })
  const before = await sharp(original).metadata()
  for (const block of [before.exif, before.xmp, before.iptc, before.icc]) expect(block?.includes(imagePrivateMark)).toBe(true)
  expect(countMarks(original, imagePrivateMark)).toBe(5)
  const rewritten = await rewrite(original, 'image/jpeg')
  const after = await sharp(rewritten).metadata()
  expect([after.exif, after.xmp, after.iptc, after.icc, after.comments]).toEqual(Array(5).fill(undefined))
  expect(countMarks(rewritten, imagePrivateMark)).toBe(0)
})

test('a film keeps no `uuid` box, neither in the movie nor behind it', async () => {
  const original = makeEditedMp4(30)
  expect(countMarks(original, mediaPrivateMark)).toBe(3)
  expect(countMarks(original, 'uuid')).toBe(2)
  const rewritten = await rewrite(original, 'video/mp4')
  expect(rewritten.length).toBe(original.length)
  expect([countMarks(rewritten, mediaPrivateMark), countMarks(rewritten, 'uuid')]).toEqual([0, 0])
})

test('a song keeps no ID3 and no APE tag, in front or behind', async () => {
  const original = makeTaggedMp3(30)
  expect(countMarks(original, mediaPrivateMark)).toBe(3)
  const rewritten = await rewrite(original, 'audio/mpeg')
  expect(['APETAGEX', 'ID3', 'TAG', mediaPrivateMark].map((mark) => countMarks(rewritten, mark))).toEqual([0, 0, 0, 0])
  expect(rewritten.length).toBe(30 * 417)
})

describe('a file of the demo that says something private says nothing of it any more', () => {
  const marked = listCorpus({ testFilesFolder: 'unused' }).flatMap((file) =>
    file.privateMark === undefined ? [] : [[file.name, file, file.privateMark] as const],
  )
  test.each(marked)('%s', { timeout: 30_000 }, async (_, file, mark) => {
    const original = await file.make()
    expect(countMarks(original, mark)).toBeGreaterThan(0)
    expect(countMarks(await rewrite(original, file.contentType), mark)).toBe(0)
  })
})
