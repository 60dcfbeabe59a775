import type { RefusalReason } from '../../domain/attachment.ts'
import { quarantined, refusedAs, type CorpusFile } from './corpusFile.ts'
import { toCorpusFiles, type HostileRow } from './hostileRow.ts'
import { makeCompoundFile } from './makeCompoundFile.ts'
import { makeDocx, makeOpenDocument } from './makeOffice.ts'

const pdf = (action: string): Buffer =>
  Buffer.from(
    `%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R/OpenAction 3 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n3 0 obj<<${action}>>endobj\ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n0\n%%EOF\n`,
  )

const actions: Readonly<Record<string, string>> = {
  'runs a script': '/S/JavaScript/JS(app.alert(1))',
  'starts a program': '/S/Launch/F(cmd.exe)',
  'sends a form': '/S/SubmitForm/F(https://example.org/)',
  'brings in data': '/S/ImportData/F(a.fdf)',
  'opens an enclosed page': '/S/GoToE/T<</R/C/N(a)>>',
  'plays a film': '/Subtype/RichMedia',
  'is a form of XML': '/XFA 4 0 R',
  'carries a file': '/Type/Filespec/EF<</F 4 0 R>>/EmbeddedFiles 5 0 R',
}

const relationship = (type: string, target: string) => ({
  path: 'word/_rels/document.xml.rels',
  content: `<Relationships><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${type}" Target="${target}" TargetMode="External"/></Relationships>`,
})

const ole = makeCompoundFile([{ name: 'Ole10Native', content: Buffer.from('x') }])

type Part = { path: string; content: string | Buffer }

const macros: Readonly<Record<string, Part>> = {
  'macros elsewhere': { path: 'xl/vbaProject7.bin', content: ole },
  'an old macro sheet': { path: 'xl/macrosheets/sheet1.xml', content: '<x/>' },
}

const acting: Readonly<Record<string, Part>> = {
  'an ActiveX control': { path: 'word/activeX/activeX1.xml', content: '<x/>' },
  'an OLE object': { path: 'word/embeddings/oleObject1.bin', content: ole },
  'an OLE object as a picture': { path: 'word/media/image1.png', content: ole },
  'a program as a picture': { path: 'word/media/image2.png', content: Buffer.from('4d5a9000', 'hex') },
  'a script': { path: 'word/setup.vbs', content: 'MsgBox 1' },
  'a shortcut': { path: 'word/media/a.lnk', content: 'x' },
  'a template from elsewhere': relationship('attachedTemplate', 'https://example.org/t.dotm'),
  'an object from elsewhere': relationship('oleObject', 'http://example.org/a'),
  'a frame from elsewhere': relationship('frame', 'http://example.org/a'),
  'a picture on a file server': relationship('image', '\\\\server\\share\\a.png'),
  'a field that starts a program': { path: 'word/footer1.xml', content: '<w:p><w:instrText>DDEAUTO c:\\a "b"</w:instrText></w:p>' },
  'an outside entity': { path: 'word/a.xml', content: '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>' },
  'a billion laughs inside': { path: 'word/b.xml', content: '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><a>&b;</a>' },
}

/** What other programs might read otherwise than we do. */
const ambiguous: Readonly<Record<string, Part>> = {
  'another encoding': { path: 'word/c.xml', content: Buffer.from('\ufeff<x/>', 'utf16le') },
  'two parts of one name': { path: 'word/DOCUMENT.xml', content: '<x/>' },
}

const openMacros: Readonly<Record<string, Part>> = {
  Basic: { path: 'Basic/Standard/Module1.xml', content: '<x/>' },
  'a Python script': { path: 'Scripts/python/a.py', content: 'print(1)' },
  'an event': { path: 'styles.xml', content: '<x><script:event-listener script:language="ooo:script"/></x>' },
}

const listDocumentsWith = (parts: Readonly<Record<string, Part>>, reason: RefusalReason): HostileRow[] =>
  Object.entries(parts).map(([kind, part]) => [`document with ${kind}.docx`, refusedAs(reason), () => makeDocx(['Hello'], [part])])

/** Papers that do more than be read. */
export const listActive = (): CorpusFile[] =>
  toCorpusFiles([
    ...Object.entries(actions).map(([kind, action]): HostileRow => [
      `page that ${kind}.pdf`,
      refusedAs('active-content'),
      () => pdf(action),
    ]),
    ...listDocumentsWith(macros, 'macros'),
    ...listDocumentsWith(acting, 'active-content'),
    ...listDocumentsWith(ambiguous, 'document-unreadable'),
    ...Object.entries(openMacros).map(([kind, part]): HostileRow => [
      `open document with ${kind}.odt`,
      refusedAs('macros'),
      () => makeOpenDocument('odt', 'Hello', [part]),
    ]),
    // clamd names it Heuristics.PDF.ObfuscatedNameObject: nobody spells the word so by chance.
    ['page that runs a script in escapes.pdf', quarantined, () => pdf('/S/J#61vaScript/JS(app.alert(1))')],
  ])
