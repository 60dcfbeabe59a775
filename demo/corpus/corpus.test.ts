import { readFile, readdir } from 'node:fs/promises'
import { fileTypeFromBuffer } from 'file-type'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { attachmentEnds, stateAfterVerdict } from '../../domain/attachment.ts'
import { uploadLimits } from '../../domain/uploadLimits.ts'
import type { CorpusFile } from './corpusFile.ts'
import { makeEicar } from './eicar.ts'
import { listCorpus } from './listCorpus.ts'
import { listDocuments } from './listDocuments.ts'
import { listPictures } from './listPictures.ts'
import { listTexts } from './listTexts.ts'

const corpus = listCorpus({ testFilesFolder: 'unused' })

const rows = (files: readonly CorpusFile[]): [string, CorpusFile][] => files.map((file) => [file.name, file])

/** Everything but the notes, photos and papers that a school sends all day. */
const everyday = new Set([...listPictures(), ...listDocuments(), ...listTexts()].map((file) => file.name))

test('at least a hundred and fifty files are hostile or odd, no name is there twice, and every way to end but our own fault', () => {
  expect(corpus.filter((file) => !everyday.has(file.name)).length).toBeGreaterThanOrEqual(150)
  expect(new Set(corpus.map((file) => file.name)).size).toBe(corpus.length)
  const states = new Set(corpus.map((file) => file.expected.state))
  expect(states).toEqual(new Set(attachmentEnds.filter((state) => state !== 'failed' && state !== 'deleted')))
})

test('no verdict is expected to lead to any state but its own', () => {
  const led = corpus.filter(({ expected }) => expected.verdict !== null)
  expect(led.filter(({ expected: { state, verdict } }) => verdict !== null && state !== stateAfterVerdict[verdict])).toEqual([])
  const unseen = corpus.filter(({ expected }) => expected.verdict === null)
  expect(new Set(unseen.map(({ expected }) => expected.state))).toEqual(new Set(['refused', 'expired']))
})

test('the EICAR test file is exact, and stands in no source file of the corpus', async () => {
  const eicar = makeEicar()
  expect(eicar).toHaveLength(68)
  const sources = (await readdir(import.meta.dirname)).map((file) => readFile(`${import.meta.dirname}/${file}`))
  expect(sources.length).toBeGreaterThan(0)
  expect((await Promise.all(sources)).filter((source) => source.includes(eicar))).toEqual([])
})

describe('what must come out clean is a real file of the type that it claims', () => {
  test.each(rows([...listPictures(), ...listDocuments()]))('%s', async (_name, file) => {
    expect((await fileTypeFromBuffer(await file.make()))?.mime).toBe(file.contentType)
  })

  test.each(rows(listTexts().filter((file) => /^(audio|video)/.test(file.contentType))))('%s', async (_name, file) => {
    const found = (await fileTypeFromBuffer(await file.make()))?.mime
    expect(found?.replace('audio/x-m4a', 'audio/mp4')).toBe(file.contentType)
  })
})

describe('a file said to carry a private mark carries it, so that its absence from the download means something', () => {
  const marked = [...listPictures(), ...listTexts()].filter((file) => file.privateMark !== undefined)
  test.each(rows(marked))('%s', async (_name, file) => {
    expect((await file.make()).includes(file.privateMark ?? '')).toBe(true)
  })

  const photos = marked.filter((file) => ['image/jpeg', 'image/png', 'image/webp'].includes(file.contentType))
  test.each(rows(photos))('%s has coordinates', async (_name, file) => {
    const { exif } = await sharp(await file.make()).metadata()
    // Tag 0x8825 points to the GPS block; libvips writes EXIF in little-endian order.
    expect(exif?.includes(Buffer.from([0x25, 0x88]))).toBe(true)
  })
})

test('files that go through the API by their declared size are within the limit, except the one that is there to exceed it', async () => {
  const oversize = corpus.filter((file) => file.name === 'whole movie.mp4')
  expect(oversize).toHaveLength(1)
  expect((await oversize[0]?.make())?.length).toBe(uploadLimits.bytesDefault + 1)
})
