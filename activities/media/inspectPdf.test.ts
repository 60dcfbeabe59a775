import { deflateSync } from 'node:zlib'
import { PDFDocument } from 'pdf-lib'
import { describe, expect, test } from 'vitest'
import { inspectContent } from './inspectContent.ts'

const pdf = 'application/pdf'
const inspect = (content: Buffer | string, contentType: string) => inspectContent(Buffer.from(content), { contentType })

const make = async (options: { useObjectStreams: boolean }, change?: (document: PDFDocument) => unknown) => {
  const document = await PDFDocument.create()
  document.addPage()
  await change?.(document)
  return Buffer.from(await document.save(options))
}
const withObject = (object: string) => `%PDF-1.4\n1 0 obj\n${object}\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF`
const packedObjects = (dictionary: string, bytes: Buffer) =>
  Buffer.concat([
    Buffer.from(`%PDF-1.5\n1 0 obj<</Type/ObjStm/N 1/First 4${dictionary}>>stream\r\n`),
    bytes,
    Buffer.from('\nendstream endobj\n%%EOF'),
  ])

describe('PDF', () => {
  const packings = [{ useObjectStreams: true }, { useObjectStreams: false }]
  test.each(packings)('pages pass: %o', async (packing) => {
    expect(await inspect(await make(packing), pdf)).toEqual({ contentType: pdf })
  })
  test.each(packings)('JavaScript is refused, packed or not: %o', async (packing) => {
    expect(await inspect(await make(packing, (document) => document.addJavaScript('a', 'app.alert(1)')), pdf)).toEqual({
      refused: 'active-content',
    })
  })
  test.each(packings)('an enclosed file is refused, packed or not: %o', async (packing) => {
    const content = await make(packing, (document) => document.attach(Buffer.from('x'), 'x.txt'))
    expect(await inspect(content, pdf)).toEqual({ refused: 'active-content' })
  })
  test.each(['/S/Launch/F(cmd.exe)', '/S /Java#53cript', '/S/#4Aava#53#63ript(x)', '/Type/RichMedia', '/S/SubmitForm'])(
    '%s is refused',
    async (entry) => {
      expect(await inspect(withObject(`<<${entry}>>`), pdf)).toEqual({ refused: 'active-content' })
    },
  )
  test('a password is refused, its metadata switch alone is not', async () => {
    expect(await inspect(`${withObject('<<>>')}\ntrailer<</Encrypt 2 0 R>>`, pdf)).toEqual({ refused: 'encrypted' })
    expect(await inspect(withObject('<</EncryptMetadata false>>'), pdf)).toEqual({ contentType: pdf })
  })
  test('opening at a page is no reason', async () => {
    expect(await inspect(withObject('<</OpenAction[3 0 R/Fit]>>'), pdf)).toEqual({ contentType: pdf })
  })
  test('packed objects whose end is missing are read as far as they go', async () => {
    const packed = deflateSync(Buffer.from(`2 0 <</S/JavaScript/JS(x)>>${' '.repeat(500)}`))
    expect(await inspect(packedObjects('/Filter/FlateDecode', packed.subarray(0, packed.length - 6)), pdf)).toEqual({
      refused: 'active-content',
    })
  })
  test('objects packed in a way that we do not look into are refused', async () => {
    expect(await inspect(packedObjects('/Filter/LZWDecode', Buffer.from('x')), pdf)).toEqual({ refused: 'document-unreadable' })
    expect(await inspect(packedObjects('/Filter/FlateDecode', Buffer.from('not packed at all')), pdf)).toEqual({
      refused: 'document-unreadable',
    })
  })
  test('packed objects that unpack without end are refused', async () => {
    const bomb = deflateSync(Buffer.alloc(65 * 1024 * 1024), { level: 1 })
    expect(await inspect(packedObjects('/Filter/FlateDecode', bomb), pdf)).toEqual({ refused: 'engine-limits' })
  })
  test('HTML called PDF is refused', async () => {
    expect(await inspect('<!doctype html><p>hello', pdf)).toEqual({ refused: 'type-mismatch' })
  })
})
