import { deflateSync } from 'node:zlib'
import { PDFDocument } from 'pdf-lib'
import { describe, expect, test } from 'vitest'
import { toContent } from './content.ts'
import { inspectContent } from './inspectContent.ts'

const pdf = 'application/pdf'
const inspect = (content: Buffer | string, contentType: string) => inspectContent(toContent(Buffer.from(content)), { contentType })

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

const streamObject = (entries: string, bytes: Buffer) =>
  Buffer.concat([Buffer.from(`7 0 obj<<${entries}>>\nstream\n`), bytes, Buffer.from('\nendstream endobj\n')])

describe('packed objects are found by what they unpack to', () => {
  const script = Buffer.from('5 0 <</S /JavaScript /JS (app.alert(1))>>')
  const packed = deflateSync(script)
  const fromFile = (entries: string, line: string, bytes: Buffer = packed) =>
    Buffer.concat([
      Buffer.from(`%PDF-1.5\n1 0 obj<</Type/Catalog/OpenAction 5 0 R>>endobj\n2 0 obj<<${entries}>>${line}`),
      bytes,
      Buffer.from('\nendstream endobj\nxref\ntrailer<</Root 1 0 R>>\n%%EOF\n'),
    ])
  const honest = '/Type/ObjStm/N 1/First 4/Filter/FlateDecode'

  test.each([
    ['plainly', honest, '\nstream\n'],
    ['with a space behind its keyword', honest, '\nstream \n'],
    ['with a comment behind its keyword', honest, '\nstream%\n'],
    ['with a long comment behind its keyword', honest, `\nstream%${'x'.repeat(2_000)}\r\n`],
    ['with only a carriage return behind its keyword', honest, '\nstream\r'],
    ['with nothing but a space behind its keyword', honest, '\nstream '],
    ['with "obj" in a string', `${honest}/X(obj)`, '\nstream\n'],
    ['with "obj" in a name', `${honest}/Xobj 1`, '\nstream\n'],
    ['with "obj" in a comment', `${honest}%obj\n`, '\nstream\n'],
    ['with a whole object in a comment', `${honest}%endobj 3 0 obj<<\n/Length 9`, '\nstream \n'],
    ['with a whole stream in a string', `${honest}/X(>>stream\nendstream endobj 3 0 obj<<)`, '\nstream%\n'],
    ['with escaped letters', '/T#79pe/Obj#53tm/#4e 1/F#69rst 4/Filter/Fl#61teDecode', '\nstream\n'],
    ['under another type', '/Type/Metadata/Filter/FlateDecode', '\nstream\n'],
  ])('JavaScript in them is refused, declared %s', async (_, entries, line) => {
    expect(await inspect(fromFile(entries, line), pdf)).toEqual({ refused: 'active-content' })
  })
  test.each([
    [
      'a damaged end',
      Buffer.concat([deflateSync(Buffer.concat([script, Buffer.alloc(300)]), { level: 0 }).subarray(0, 200), Buffer.alloc(300, 0xff)]),
    ],
    ['a wrong check sum', Buffer.concat([packed.subarray(0, -4), Buffer.alloc(4)])],
    ['a window that zlib does not know', Buffer.concat([Buffer.from([0xf8, 0x08]), packed.subarray(2)])],
    ['white space in front', deflateSync(Buffer.concat([Buffer.alloc(2_000_000, ' '), script]))],
    ['a comment in front', deflateSync(Buffer.concat([Buffer.from(`%${'x'.repeat(9_000)}\n`), script]))],
  ])('%s does not hide them', async (_, bytes) => {
    expect(await inspect(fromFile('/Filter/FlateDecode', '\nstream\n', bytes), pdf)).toEqual({ refused: 'active-content' })
  })
  const hidden = '/Type/ObjStm/N 1/First 4'
  test.each([
    ['a chain of filters', `${hidden}/Filter[/ASCIIHexDecode /FlateDecode]`],
    ['a filter named elsewhere', `${hidden}/Filter 8 0 R`],
    ['a filter for pictures', `${hidden}/Filter/CCITTFaxDecode`],
    ['two filters, of which viewers take one', `${hidden}/Filter/FlateDecode/Filter/LZWDecode`],
    ['a short name', `${hidden}/F/LZW`],
    ['a predictor', `${hidden}/Filter/FlateDecode/DecodeParms<</Pr#65dictor 12>>`],
    ['a predictor named elsewhere', `${hidden}/Filter/FlateDecode/DecodeParms 9 0 R`],
    ['a filter in front of which "obj" stands in a comment', `${hidden}%3 0 obj<<\n/Filter/LZWDecode`],
    ['a filter in front of which a whole stream stands in a string', `${hidden}/X(>>stream\nendstream endobj 3 0 obj<<)/Filter/LZWDecode`],
    ['a dictionary that does not end', `${hidden}/Filter/LZWDecode/X<<`],
  ])('objects behind %s are refused unseen', async (_, entries) => {
    const bytes = Buffer.from('packed in some other way')
    expect(await inspect(fromFile(entries, '\nstream\n', bytes), pdf)).toEqual({ refused: 'document-unreadable' })
  })
  test('pictures of every packing behind packed objects pass', async () => {
    const objects = deflateSync(Buffer.from('5 0 <</Title(Report)>>'))
    const picture = (filter: string, bytes: Buffer) => streamObject(`/Subtype/Image/Filter/${filter}`, bytes)
    const content = Buffer.concat([
      Buffer.from('%PDF-1.5\n'),
      streamObject(honest, objects),
      picture('DCTDecode', Buffer.from('ffd8ffe0', 'hex')),
      picture('CCITTFaxDecode', Buffer.alloc(50, 0x38)),
      picture('FlateDecode', deflateSync(Buffer.alloc(5_000_000))),
      streamObject('/Filter/FlateDecode', deflateSync(Buffer.from('0 0 612 792 re /Pattern cs'))),
      streamObject(`${honest}/DecodeParms null`, objects),
    ])
    expect(await inspect(content, pdf)).toEqual({ contentType: pdf })
  })
  test('a file full of streams without end is read once', async () => {
    const one = Buffer.concat([Buffer.from(`1 0 obj<<${honest}>>\nstream\n`), deflateSync(Buffer.from('1 0 <<>>')), Buffer.from('\n')])
    const content = Buffer.concat([
      Buffer.from('%PDF-1.5\n'),
      ...Array.from({ length: 2_000 }, () => one),
      Buffer.alloc(10_000_000, 'endstrea'),
    ])
    expect(await inspect(content, pdf)).toEqual({ contentType: pdf })
  })
  test.each(['1 0 obj<<', 'obj%', 'obj('])('a file of nothing but "%s" is given up on', async (piece) => {
    expect(await inspect(Buffer.concat([Buffer.from('%PDF-1.5\n'), Buffer.alloc(4_000_000, piece)]), pdf)).toEqual(
      piece === 'obj(' ? { contentType: pdf } : { refused: 'engine-limits' },
    )
  })
})
