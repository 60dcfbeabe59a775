import { contentTypes } from './corpusFile.ts'
import { makeZip, type ZipEntry } from './makeZip.ts'

const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const packageUri = 'http://schemas.openxmlformats.org/package/2006'
const officeUri = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'

const escapeXml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

type Part = { path: string; contentType: string; content: string; relationships?: string }

const toRelationships = (links: readonly { type: string; target: string }[]): string => {
  const items = links.map(
    ({ type, target }, index) => `<Relationship Id="rId${index + 1}" Type="${officeUri}/${type}" Target="${target}"/>`,
  )
  return `${xml}<Relationships xmlns="${packageUri}/relationships">${items.join('')}</Relationships>`
}

/** An Office Open XML package: the first part is the main one. `extra` entries are put in as they are. */
const makePackage = (parts: readonly [Part, ...Part[]], extra: readonly ZipEntry[] = []): Promise<Buffer> => {
  const overrides = parts.map((part) => `<Override PartName="/${part.path}" ContentType="${part.contentType}"/>`)
  const types = `${xml}<Types xmlns="${packageUri}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${overrides.join('')}</Types>`
  const entries: ZipEntry[] = [
    { path: '[Content_Types].xml', content: types },
    { path: '_rels/.rels', content: toRelationships([{ type: 'officeDocument', target: parts[0].path }]) },
  ]
  for (const part of parts) {
    entries.push({ path: part.path, content: part.content })
    if (part.relationships) entries.push({ path: part.path.replace(/([^/]+)$/, '_rels/$1.rels'), content: part.relationships })
  }
  return makeZip([...entries, ...extra])
}

const toDocumentPart = (paragraphs: readonly string[], contentType = `${contentTypes.docx}.main+xml`): Part => {
  const body = paragraphs.map((text) => `<w:p><w:r><w:t xml:space="preserve">${escapeXml(text)}</w:t></w:r></w:p>`).join('')
  return {
    path: 'word/document.xml',
    contentType,
    content: `${xml}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${body}</w:body></w:document>`,
  }
}

/** `extra` entries ride along in the package without being declared. */
export const makeDocx = (paragraphs: readonly string[], extra: readonly ZipEntry[] = []): Promise<Buffer> =>
  makePackage([toDocumentPart(paragraphs)], extra)

/** A macro-enabled document; a `.docm` whatever its name says. */
export const makeDocm = (): Promise<Buffer> =>
  makePackage([toDocumentPart(['Enable content to see the grades.'], 'application/vnd.ms-word.document.macroEnabled.main+xml')], [macros])

/** The same macros in a package that declares an ordinary document. */
export const makeDocxWithMacros = (): Promise<Buffer> => makeDocx(['Enable content to see the grades.'], [macros])

const macros: ZipEntry = { path: 'word/vbaProject.bin', content: Buffer.from('d0cf11e0a1b11ae1'.padEnd(4096, '00'), 'hex') }

const toCell = (value: string | number): string =>
  typeof value === 'number' ? `<c><v>${value}</v></c>` : `<c t="inlineStr"><is><t>${escapeXml(value)}</t></is></c>`

export const makeXlsx = (rows: readonly (readonly (string | number)[])[]): Promise<Buffer> => {
  const sheetRows = rows.map((row) => `<row>${row.map(toCell).join('')}</row>`).join('')
  const uri = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
  return makePackage([
    {
      path: 'xl/workbook.xml',
      contentType: `${contentTypes.xlsx}.main+xml`,
      content: `${xml}<workbook xmlns="${uri}" xmlns:r="${officeUri}"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>`,
      relationships: toRelationships([{ type: 'worksheet', target: 'worksheets/sheet1.xml' }]),
    },
    {
      path: 'xl/worksheets/sheet1.xml',
      contentType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml',
      content: `${xml}<worksheet xmlns="${uri}"><sheetData>${sheetRows}</sheetData></worksheet>`,
    },
  ])
}

/** Slides without a master: the smallest presentation, whose text a reader can find. */
export const makePptx = (titles: readonly [string, ...string[]]): Promise<Buffer> => {
  const presentationUri = 'http://schemas.openxmlformats.org/presentationml/2006/main'
  const drawingUri = 'http://schemas.openxmlformats.org/drawingml/2006/main'
  const slides = titles.map((title, index) => ({
    path: `ppt/slides/slide${index + 1}.xml`,
    contentType: 'application/vnd.openxmlformats-officedocument.presentationml.slide+xml',
    content: `${xml}<p:sld xmlns:p="${presentationUri}" xmlns:a="${drawingUri}"><p:cSld><p:spTree><p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/><p:sp><p:nvSpPr><p:cNvPr id="2" name="Title"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr/><p:txBody><a:bodyPr/><a:p><a:r><a:t>${escapeXml(title)}</a:t></a:r></a:p></p:txBody></p:sp></p:spTree></p:cSld></p:sld>`,
  }))
  const ids = slides.map((_, index) => `<p:sldId id="${256 + index}" r:id="rId${index + 1}"/>`).join('')
  return makePackage([
    {
      path: 'ppt/presentation.xml',
      contentType: `${contentTypes.pptx}.main+xml`,
      content: `${xml}<p:presentation xmlns:p="${presentationUri}" xmlns:r="${officeUri}"><p:sldIdLst>${ids}</p:sldIdLst><p:sldSz cx="9144000" cy="6858000"/><p:notesSz cx="6858000" cy="9144000"/></p:presentation>`,
      relationships: toRelationships(slides.map((_, index) => ({ type: 'slide', target: `slides/slide${index + 1}.xml` }))),
    },
    ...slides,
  ])
}

const bodies = {
  odt: (text: string) => `<office:text><text:p>${text}</text:p></office:text>`,
  ods: (text: string) =>
    `<office:spreadsheet><table:table table:name="Sheet1"><table:table-row><table:table-cell office:value-type="string"><text:p>${text}</text:p></table:table-cell></table:table-row></table:table></office:spreadsheet>`,
  odp: (text: string) =>
    `<office:presentation><draw:page draw:name="page1"><draw:frame><draw:text-box><text:p>${text}</text:p></draw:text-box></draw:frame></draw:page></office:presentation>`,
} as const

/** An OpenDocument package; `mimetype` comes first and is stored, as the format asks. */
export const makeOpenDocument = (kind: keyof typeof bodies, text: string, extra: readonly ZipEntry[] = []): Promise<Buffer> => {
  const uri = 'urn:oasis:names:tc:opendocument:xmlns'
  const spaces = ['office', 'text', 'table'].map((name) => `xmlns:${name}="${uri}:${name}:1.0"`)
  const manifest = `${xml}<manifest:manifest xmlns:manifest="${uri}:manifest:1.0" manifest:version="1.2"><manifest:file-entry manifest:full-path="/" manifest:media-type="${contentTypes[kind]}"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>`
  return makeZip([
    { path: 'mimetype', content: contentTypes[kind], stored: true },
    { path: 'META-INF/manifest.xml', content: manifest },
    {
      path: 'content.xml',
      content: `${xml}<office:document-content ${spaces.join(' ')} xmlns:draw="${uri}:drawing:1.0" office:version="1.2"><office:body>${bodies[kind](escapeXml(text))}</office:body></office:document-content>`,
    },
    ...extra,
  ])
}
