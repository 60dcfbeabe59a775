import { deflateSync } from 'node:zlib'
import { PDFDocument } from 'pdf-lib'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import yazl from 'yazl'
import { buffer } from 'node:stream/consumers'
import type { Readable } from 'node:stream'
import { makeMp3, makeMp4 } from '../../demo/corpus/makeMedia.ts'
import { inspectContent } from './inspectContent.ts'

const docx = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const odt = 'application/vnd.oasis.opendocument.text'
const pdf = 'application/pdf'
const inspect = (content: Buffer | string, contentType: string) => inspectContent(Buffer.from(content), { contentType })

const zip = (parts: Record<string, string | Buffer>): Promise<Buffer> => {
  const file = new yazl.ZipFile()
  for (const [name, content] of Object.entries(parts)) file.addBuffer(Buffer.from(content), name, { compress: name !== 'mimetype' })
  file.end()
  return buffer(file.outputStream as unknown as Readable)
}
const contentTypes = (type: string) =>
  `<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/main.xml" ContentType="${type}.main+xml"/></Types>`
const word = (parts: Record<string, string | Buffer> = {}, type = docx) =>
  zip({ '[Content_Types].xml': contentTypes(type), '_rels/.rels': '<Relationships/>', 'word/document.xml': '<w:document/>', ...parts })
const relationship = (type: string, target: string, mode = 'External') => ({
  'word/_rels/document.xml.rels': `<Relationships><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${type}" Target="${target}" TargetMode="${mode}"/></Relationships>`,
})
const openDocument = (parts: Record<string, string | Buffer> = {}) =>
  zip({ mimetype: odt, 'content.xml': '<office:document-content/>', 'META-INF/manifest.xml': '<manifest:manifest/>', ...parts })

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

describe('Office documents', () => {
  test('plain packages of both kinds pass', async () => {
    expect(await inspect(await word(), docx)).toEqual({ contentType: docx })
    expect(await inspect(await openDocument(), odt)).toEqual({ contentType: odt })
  })
  test('links, local templates and a sheet behind a chart pass', async () => {
    expect(await inspect(await word(relationship('hyperlink', 'https://example.org/')), docx)).toEqual({ contentType: docx })
    expect(await inspect(await word(relationship('attachedTemplate', 'file:///C:\\Users\\me\\Normal.dotm')), docx)).toEqual({
      contentType: docx,
    })
    const sheet = await word({}, xlsx)
    expect(await inspect(await word({ 'word/embeddings/Sheet1.xlsx': sheet }), docx)).toEqual({ contentType: docx })
  })
  const vba = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)])
  test.each([
    ['VBA', { 'word/vbaProject.bin': vba }, 'macros'],
    ['VBA under another folder', { 'xl/vbaProject1.bin': vba }, 'macros'],
    ['an Excel 4 macro sheet', { 'xl/macrosheets/sheet1.xml': '<x/>' }, 'macros'],
    ['a content type with macros', { '[Content_Types].xml': contentTypes('application/vnd.ms-word.document.macroEnabled') }, 'macros'],
    ['ActiveX', { 'word/activeX/activeX1.xml': '<x/>' }, 'active-content'],
    ['an OLE object', { 'word/embeddings/oleObject1.bin': 'x' }, 'active-content'],
    ['an OLE object under another name', { 'word/media/image1.png': vba }, 'active-content'],
    ['a program', { 'word/media/image1.png': Buffer.from('MZ\x90\x00') }, 'active-content'],
    ['a script', { 'word/setup.vbs': 'x' }, 'active-content'],
    ['a template from elsewhere', relationship('attachedTemplate', 'https://example.org/t.dotm'), 'active-content'],
    ['a template on a file server', relationship('attachedTemplate', 'file://///server/share/t.dotm'), 'active-content'],
    ['a template spelt in references', relationship('attachedTemplate', 'https://example.org/t.dotm', '&#69;xternal'), 'active-content'],
    ['a template behind a bracket', relationship('attachedTemplate', 'https://example.org/t.dotm?a>b'), 'active-content'],
    ['an object from elsewhere', relationship('oleObject', 'http://example.org/a'), 'active-content'],
    [
      'a field that starts a program',
      { 'word/document.xml': '<w:instrText>DDE</w:instrText><w:instrText>AUTO c:\\a "b"</w:instrText>' },
      'active-content',
    ],
    ['a link that starts a program', { 'xl/externalLinks/externalLink1.xml': '<ddeLink ddeService="cmd"/>' }, 'active-content'],
    ['a click that starts a program', { 'ppt/slides/slide1.xml': '<a:hlinkClick action="ppaction://program"/>' }, 'active-content'],
    ['an entity', { 'word/document.xml': '<!DOCTYPE x [<!ENTITY a "b">]><x/>' }, 'active-content'],
    ['another encoding', { 'word/document.xml': Buffer.from('\ufeff<x/>', 'utf16le') }, 'document-unreadable'],
  ] as const)('%s is refused', async (_, parts, refused) => {
    expect(await inspect(await word(parts), docx)).toEqual({ refused })
  })
  test.each([
    ['Basic', { 'Basic/Standard/Module1.xml': '<x/>' }, 'macros'],
    ['a script', { 'Scripts/python/a.py': 'x' }, 'macros'],
    ['an event that calls one', { 'content.xml': '<script:event-listener script:language="ooo:script"/>' }, 'macros'],
    ['a password', { 'META-INF/manifest.xml': '<manifest:encryption-data/>' }, 'encrypted'],
  ] as const)('OpenDocument with %s is refused', async (_, parts, refused) => {
    expect(await inspect(await openDocument(parts), odt)).toEqual({ refused })
  })
  test('macros in an embedded document are found', async () => {
    const sheet = await word({ 'xl/vbaProject.bin': vba }, xlsx)
    expect(await inspect(await word({ 'word/embeddings/Sheet1.xlsx': sheet }), docx)).toEqual({ refused: 'macros' })
  })
  test('documents nested without end are refused', async () => {
    let inner = await word()
    for (let depth = 0; depth < 4; depth += 1) inner = await word({ 'word/embeddings/a.docx': inner })
    expect(await inspect(inner, docx)).toEqual({ refused: 'engine-limits' })
  })
  test('a sheet called a text document is refused, and so is a plain zip', async () => {
    expect(await inspect(await word({}, xlsx), docx)).toEqual({ refused: 'type-mismatch' })
    expect(await inspect(await zip({ 'a.txt': 'hello' }), docx)).toEqual({ refused: 'type-mismatch' })
  })
  test('a password-protected package is refused as that', async () => {
    const sealed = Buffer.concat([
      Buffer.from('d0cf11e0a1b11ae1', 'hex'),
      Buffer.alloc(504),
      Buffer.from('EncryptedPackage', 'utf16le'),
      Buffer.alloc(512),
    ])
    expect(await inspect(sealed, docx)).toEqual({ refused: 'encrypted' })
  })
  test('what unpacks beyond the limits is refused, whether by one part or by all', async () => {
    const zeros = Buffer.alloc(96 * 1024 * 1024)
    expect(await inspect(await word({ 'word/media/a.png': zeros }), docx)).toEqual({ refused: 'engine-limits' })
    const part = zeros.subarray(0, 80 * 1024 * 1024)
    expect(await inspect(await word({ 'a.png': part, 'b.png': part, 'c.png': part, 'd.png': part }), docx)).toEqual({
      refused: 'engine-limits',
    })
  })
  test('a part that unpacks to more than declared is refused', async () => {
    const content = await word({ 'word/media/a.png': Buffer.alloc(50_000) })
    const at = content.lastIndexOf('word/media/a.png') - 46 + 24
    expect(content.readUInt32LE(at)).toBe(50_000)
    content.writeUInt32LE(10, at)
    expect(await inspect(content, docx)).toEqual({ refused: 'document-unreadable' })
  })
  test('a path that leaves the package is refused', async () => {
    const content = await word({ 'word/aa/bb.xml': '<x/>' })
    for (let at = content.indexOf('word/aa/bb.xml'); at !== -1; at = content.indexOf('word/aa/bb.xml', at + 1))
      content.write('../../aa/bb.xml', at, 14)
    expect(await inspect(content, docx)).toEqual({ refused: 'document-unreadable' })
  })
  test('a package that is cut off is refused', async () => {
    const content = await word()
    expect(await inspect(content.subarray(0, content.length - 40), docx)).toMatchObject({ refused: expect.any(String) })
  })
})

describe('PDF', () => {
  const make = async (options: { useObjectStreams: boolean }, change?: (document: PDFDocument) => unknown) => {
    const document = await PDFDocument.create()
    document.addPage()
    await change?.(document)
    return Buffer.from(await document.save(options))
  }
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
  const withObject = (object: string) => `%PDF-1.4\n1 0 obj\n${object}\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF`
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
  const packedObjects = (dictionary: string, bytes: Buffer) =>
    Buffer.concat([
      Buffer.from(`%PDF-1.5\n1 0 obj<</Type/ObjStm/N 1/First 4${dictionary}>>stream\r\n`),
      bytes,
      Buffer.from('\nendstream endobj\n%%EOF'),
    ])
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
    const bomb = deflateSync(Buffer.alloc(210 * 1024 * 1024))
    expect(await inspect(packedObjects('/Filter/FlateDecode', bomb), pdf)).toEqual({ refused: 'document-unreadable' })
  })
  test('HTML called PDF is refused', async () => {
    expect(await inspect('<!doctype html><p>hello', pdf)).toEqual({ refused: 'type-mismatch' })
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
