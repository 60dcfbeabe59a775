import { deflateSync } from 'node:zlib'
import { fileTypeFromBuffer } from 'file-type'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { contentTypes, type CorpusFile } from '../../demo/corpus/corpusFile.ts'
import { listCorpus } from '../../demo/corpus/listCorpus.ts'
import { makeMp3, makeMp4 } from '../../demo/corpus/makeMedia.ts'
import { findFileType } from '../../domain/fileTypes.ts'
import { toContent } from './content.ts'
import { inspectContent } from './inspectContent.ts'
import { listDeclared } from './pdfStreams.ts'
import { rewriteMedia } from './rewriteMedia.ts'
import { sniffType } from './sniffType.ts'

/** What a rule says that has the whole before it at once. */
const inspectWhole = (content: Buffer, contentType: string) => inspectContent(toContent(content, Number.POSITIVE_INFINITY), { contentType })
const inspectIn = (windowBytes: number, content: Buffer, contentType: string) =>
  inspectContent(toContent(content, windowBytes), { contentType })

/** Pictures are read as a whole; what is infected comes from elsewhere. */
const isReadInWindows = ({ contentType, expected }: CorpusFile) =>
  findFileType(contentType)?.family !== 'image' && expected.verdict !== 'infected'
const uploaded = listCorpus({ testFilesFolder: 'unused' }).filter((file) => file.journey === 'upload' && isReadInWindows(file))
let files: { content: Buffer; contentType: string }[]
beforeAll(async () => {
  const made = await Promise.all(uploaded.map(async (file) => ({ content: await file.make(), contentType: file.contentType })))
  files = made.filter(({ content }) => content.length > 0 && content.length < 200_000)
}, 120_000)

describe('a file that is read window by window', { timeout: 120_000 }, () => {
  const edges = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 41, max: 5_000 }))

  test('is judged as one that is read at once: every file of the demo', async () => {
    expect(files.length).toBeGreaterThan(40)
    for (const [index, { content, contentType }] of files.entries()) {
      const whole = await inspectWhole(content, contentType)
      for (const windowBytes of [97 + index, 4_096]) expect(await inspectIn(windowBytes, content, contentType)).toEqual(whole)
    }
  })

  test('is judged so wherever a window ends, and whatever was changed in it', async () => {
    const change = fc.record({ at: fc.nat(), byte: fc.nat({ max: 255 }), cut: fc.boolean() })
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.array(change, { maxLength: 3 }), edges, async (pick, changes, windowBytes) => {
        const { content, contentType } = files[pick % files.length] as (typeof files)[number]
        let changed = Buffer.from(content)
        for (const { at, byte, cut } of changes) {
          if (cut) changed = changed.subarray(0, 1 + (at % changed.length))
          else changed[at % changed.length] = byte
        }
        expect(await inspectIn(windowBytes, changed, contentType)).toEqual(await inspectWhole(changed, contentType))
      }),
      { numRuns: 150 },
    )
  })

  const packed = deflateSync(Buffer.from('2 0 <</S/JavaScript/JS(x)>>'))
  const objects = Buffer.concat([Buffer.from('1 0 obj<</Type/ObjStm/N 1/First 4/Filter/FlateDecode>>stream\r\n'), packed])
  test.each([
    ['a name', Buffer.from('/Java#53cript ')],
    ['a password', Buffer.from('/Encrypt ')],
    ['packed objects', Buffer.concat([objects, Buffer.from('\nendstream endobj')])],
    ['packed objects whose dictionary says nothing', Buffer.concat([Buffer.from(' stream\n'), packed, Buffer.from('\nendstream')])],
  ])('shows %s in a PDF at every place', async (_, hidden) => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 700 }), edges, async (before, windowBytes) => {
        const content = Buffer.concat([Buffer.from('%PDF-1.5\n'), Buffer.alloc(before, ' '), hidden, Buffer.from('\n%%EOF')])
        expect(await inspectIn(windowBytes, content, contentTypes.pdf)).toHaveProperty('refused')
      }),
    )
  })

  test('shows a dictionary that is longer than a window, wherever what is read ahead ends', async () => {
    const dictionaryBytesMax = 1024 * 1024
    const hidden = Buffer.from('2 0 obj<</Type/ObjStm/N 1/First 4/Filter/LZWDecode>>stream')
    for (const windowBytes of [500, 4_096]) {
      // The first `obj` has everything loaded up to here.
      const end = '%PDF-1.5\n1 0 obj'.length + dictionaryBytesMax + windowBytes
      for (let before = end - hidden.length - 2; before <= end - hidden.length + 12; before += 2) {
        const content = Buffer.alloc(before + hidden.length, ' ')
        content.write('%PDF-1.5\n1 0 obj')
        hidden.copy(content, before)
        expect([...listDeclared(toContent(content, windowBytes))].map((declared) => declared !== 'too-much' && declared.at)).toEqual([
          before + hidden.indexOf('stream'),
        ])
      }
    }
  })

  test('shows a wrong byte of a text at every place, and no right one as wrong', async () => {
    const text = Buffer.from('aä中🎒\r\n'.repeat(30))
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: text.length - 1 }), fc.nat({ max: 255 }), edges, async (at, byte, windowBytes) => {
        expect(await inspectIn(windowBytes, text, contentTypes.txt)).toEqual({ contentType: contentTypes.txt })
        const changed = Buffer.from(text)
        changed[at] = byte
        const isBroken = new TextDecoder('utf-8', { ignoreBOM: true }).decode(changed).includes('\ufffd')
        const hasControl = byte === 0x7f || (byte < 0x20 && ![0x09, 0x0a, 0x0c, 0x0d].includes(byte))
        const expected = !isBroken && !hasControl ? { contentType: contentTypes.txt } : { refused: 'text-not-utf8' }
        expect(await inspectIn(windowBytes, changed, contentTypes.txt)).toEqual(expected)
      }),
    )
  })

  test.each([
    ['audio/mpeg', makeMp3(120)],
    ['video/mp4', makeMp4(400)],
  ])('comes out the same when it is made new: %s', async (contentType, original) => {
    const remake = async (content: Buffer, windowBytes: number) => {
      const chunks: Buffer[] = []
      const answer = await rewriteMedia(toContent(content, windowBytes), contentType, (chunk) => chunks.push(chunk))
      return 'refused' in answer ? answer : Buffer.concat(chunks)
    }
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: original.length - 1 }), fc.nat({ max: 255 }), edges, async (at, byte, windowBytes) => {
        const changed = Buffer.from(original)
        changed[at] = byte
        expect(await remake(changed, windowBytes)).toEqual(await remake(changed, Number.POSITIVE_INFINITY))
      }),
      { numRuns: 50 },
    )
  })

  test('is taken for the type that file-type takes its buffer for', async () => {
    for (const { content } of files) {
      const seen = (await fileTypeFromBuffer(content).catch(() => undefined))?.mime ?? null
      expect(await sniffType(toContent(content, 1))).toBe(seen)
    }
  })
})
