import { buffer } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import yazl from 'yazl'
import { toContent } from './content.ts'
import { decodeReferences } from './decodeReferences.ts'
import { xmlBytesMax } from './documentRules.ts'
import { inspectContent } from './inspectContent.ts'

const mebibyte = 1024 * 1024
const docx = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const odt = 'application/vnd.oasis.opendocument.text'
const inspect = (content: Buffer | string, contentType: string) => inspectContent(toContent(Buffer.from(content)), { contentType })

const zip = (parts: Record<string, string | Buffer>): Promise<Buffer> => {
  const file = new yazl.ZipFile()
  for (const [name, content] of Object.entries(parts)) file.addBuffer(Buffer.from(content), name, { compress: content.length > 100 })
  file.end()
  return buffer(file.outputStream)
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

/** Declares another unpacked size for a part than it has. */
const declareSize = (content: Buffer, name: string, bytes: number): Buffer => {
  const header = content.lastIndexOf(name) - 46
  expect(content.toString('latin1', header, header + 4)).toBe('PK\x01\x02')
  content.writeUInt32LE(bytes, header + 24)
  return content
}

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
    for (const target of ['https://example.org/a.png', 'file:///C:/Users/me/a.png']) {
      expect(await inspect(await word(relationship('image', target)), docx)).toEqual({ contentType: docx })
    }
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
    ['a picture on a file server', relationship('image', '\\\\server\\share\\a.png'), 'active-content'],
    ['a picture on a file server, by address', relationship('image', 'file://server/a.png'), 'active-content'],
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
    const one = declareSize(await word({ 'word/media/a.png': 'x'.repeat(200) }), 'word/media/a.png', 96 * mebibyte)
    expect(await inspect(one, docx)).toEqual({ refused: 'engine-limits' })
    const names = ['a.png', 'b.png', 'c.png', 'd.png']
    const many = await word(Object.fromEntries(names.map((name) => [name, 'x'.repeat(200)])))
    for (const name of names) declareSize(many, name, 80 * mebibyte)
    expect(await inspect(many, docx)).toEqual({ refused: 'engine-limits' })
  })
  test('too many parts are refused', async () => {
    const parts = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`word/media/${index}.png`, '']))
    expect(await inspect(await word(parts), docx)).toEqual({ refused: 'engine-limits' })
  })
  test('a part that unpacks to more than declared is refused', async () => {
    const content = await word({ 'word/media/a.png': Buffer.alloc(50_000) })
    expect(await inspect(declareSize(content, 'word/media/a.png', 10), docx)).toEqual({ refused: 'document-unreadable' })
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

const external = (entries: string) => ({
  'word/_rels/document.xml.rels': `<Relationships><Relationship ${entries}/></Relationships>`,
})

describe('parts of XML', () => {
  const template =
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" Target="https://example.org/t.dotm"'
  test('an attribute inside of the value of another does not hide it', async () => {
    const parts = external(`Id=" TargetMode='Internal' " ${template} TargetMode="External"`)
    expect(await inspect(await word(parts), docx)).toEqual({ refused: 'active-content' })
  })
  test('zeros in front of a reference do not hide a word', async () => {
    for (const letter of ['&#000000000069;', '&#x000000045;', '&#X45;']) {
      expect(await inspect(await word(external(`${template} TargetMode="${letter}xternal"`)), docx)).toEqual({ refused: 'active-content' })
    }
  })
  test('what is no reference stays as it is', () => {
    for (const text of ['&#', '&#;', '&#x;', '&#0;', '&#x110000;', '&#99999999999999999999;', '&#6', '&#6a;', '&amp;#65;', 'नमस्ते &#'])
      expect(decodeReferences(Buffer.from(text)).toString()).toBe(text)
    expect(decodeReferences(Buffer.from('क&#65;&#x1F392;&#2325;z')).toString()).toBe('कA🎒कz')
  })
  test('a part over the limit is refused, references or not', async () => {
    for (const name of ['word/a.xml', 'word/_rels/a.xml.rels', '[Content_Types].xml']) {
      expect(await inspect(await word({ [name]: Buffer.alloc(xmlBytesMax + 1, '&#65;') }), docx)).toEqual({ refused: 'engine-limits' })
    }
  })
  test.each([
    ['letters', 'a'],
    ['quotes', "''"],
    ['names', 'TargetMode '],
    ['space', ' '],
    ['brackets', '<'],
    ['references', '&#65;'],
  ])('a tag of nothing but %s and half as long as allowed is read, and nothing is thrown', async (_, piece) => {
    const rels = Buffer.concat([Buffer.from('<Relationship '), Buffer.alloc(8 * mebibyte, piece)])
    expect(await inspect(await word({ 'word/_rels/a.xml.rels': rels }), docx)).toEqual({ contentType: docx })
  })
})
