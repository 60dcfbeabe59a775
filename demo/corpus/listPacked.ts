import { gzipSync } from 'node:zlib'
import { quarantined, refusedAs, type CorpusFile } from './corpusFile.ts'
import { makeEicar } from './eicar.ts'
import { toCorpusFiles, type HostileRow } from './hostileRow.ts'
import { makeCompoundFile } from './makeCompoundFile.ts'
import { makeEncryptedZip, makeZipBomb } from './makeHostileZip.ts'
import { makeDocx, makeOpenDocument } from './makeOffice.ts'
import { makeZip } from './makeZip.ts'

const mebibyte = 1024 * 1024

const packOften = (content: Buffer, times: number): Buffer => {
  let packed = content
  for (let time = 0; time < times; time += 1) packed = gzipSync(packed)
  return packed
}

const nest = async (content: Buffer, depth: number): Promise<Buffer> => {
  let nested = content
  for (let level = 0; level < depth; level += 1) nested = await makeZip([{ path: `level${level}.zip`, content: nested }])
  return nested
}

/** Encloses documents in documents. */
const nestDocuments = async (depth: number): Promise<Buffer> => {
  let inner = await makeDocx(['At the bottom.'])
  for (let level = 0; level < depth; level += 1)
    inner = await makeDocx([`Level ${level}`], [{ path: 'word/embeddings/inner.docx', content: inner }])
  return inner
}

const bombs: readonly HostileRow[] = [
  ['bomb of one page.docx', refusedAs('engine-limits'), () => makeZipBomb([], 96 * mebibyte, 1)],
  ['bomb of three sheets.xlsx', refusedAs('engine-limits'), () => makeZipBomb([], 76 * mebibyte, 4)],
  ['bomb of parts.docx', refusedAs('engine-limits'), () => makeZipBomb([], 7, 10_050)],
  ['bomb of slides.pptx', refusedAs('engine-limits'), () => makeZipBomb([], 1, 5_001)],
  [
    'bomb in a bomb.odt',
    refusedAs('engine-limits'),
    async () => makeZip([{ path: 'inner.zip', content: makeZipBomb([], 90 * mebibyte, 6) }]),
  ],
  ['twenty zips deep.docx', refusedAs('engine-limits'), () => nest(Buffer.from('nothing'), 20)],
  ['forty zips deep.xlsx', refusedAs('engine-limits'), () => nest(Buffer.from('nothing'), 40)],
  ['packed thirty times.txt', refusedAs('text-not-utf8'), () => packOften(Buffer.from('nothing'), 30)],
  ['documents in documents.docx', refusedAs('engine-limits'), () => nestDocuments(4)],
]

const viruses: readonly HostileRow[] = [
  ['virus in five zips.docx', quarantined, () => nest(makeEicar(), 5)],
  ['virus packed ten times.csv', quarantined, () => packOften(makeEicar(), 10)],
  ['virus in a picture of a document.pptx', quarantined, () => makeZip([{ path: 'ppt/media/image1.png', content: makeEicar() }])],
  [
    'virus among many.xlsx',
    quarantined,
    () =>
      makeZip([
        ...Array.from({ length: 300 }, (_, at) => ({ path: `xl/${at}.xml`, content: '<x/>' })),
        { path: 'xl/z.bin', content: makeEicar() },
      ]),
  ],
  [
    'virus in an embedded document.docx',
    quarantined,
    async () =>
      makeDocx(
        ['See'],
        [{ path: 'word/embeddings/a.docx', content: await makeDocx(['In'], [{ path: 'word/b.bin', content: makeEicar() }]) }],
      ),
  ],
]

/** Agile encryption keeps the whole package in one stream (MS-OFFCRYPTO 2.3.4). */
const sealedOffice = (): Buffer =>
  makeCompoundFile([
    { name: 'EncryptionInfo', content: Buffer.from('0400040040000000', 'hex') },
    { name: 'EncryptedPackage', content: Buffer.alloc(6_000, 0xa5) },
  ])

const sealedPdf = (key: string): Buffer =>
  Buffer.from(
    `%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n3 0 obj<</Filter/Standard/V 1/R 2/O(${'0'.repeat(32)})/U(${'0'.repeat(32)})/P -4>>endobj\ntrailer<</Size 4/Root 1 0 R/${key} 3 0 R>>\nstartxref\n0\n%%EOF\n`,
  )

const encryptedManifest =
  '<manifest:manifest><manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry></manifest:manifest>'

const sealed: readonly HostileRow[] = [
  ['sealed.docx', refusedAs('encrypted'), sealedOffice],
  ['sealed.xlsx', refusedAs('encrypted'), sealedOffice],
  ['sealed.pptx', refusedAs('encrypted'), sealedOffice],
  ['sealed.pdf', refusedAs('encrypted'), () => sealedPdf('Encrypt')],
  ['sealed in escapes.pdf', refusedAs('encrypted'), () => sealedPdf('#45ncr#79pt')],
  ['sealed zip.docx', refusedAs('encrypted'), () => makeEncryptedZip([{ path: 'a.txt', content: makeEicar() }])],
  [
    'sealed zip in a document.docx',
    refusedAs('encrypted'),
    () => makeDocx(['See'], [{ path: 'word/media/a.zip', content: makeEncryptedZip([{ path: 'a.txt', content: makeEicar() }]) }]),
  ],
  [
    'sealed.odt',
    refusedAs('encrypted'),
    () => makeOpenDocument('odt', 'x', [{ path: 'META-INF/encryption.xml', content: encryptedManifest }]),
  ],
  // The signature header says where a packed and encrypted list of names would be (7zFormat.txt).
  [
    'sealed seven zip.pdf',
    refusedAs('type-mismatch'),
    () => Buffer.concat([Buffer.from('377abcaf271c00048d9bd50f20000000000000002100000000000000', 'hex'), Buffer.alloc(65, 0x5a)]),
  ],
]

/** Archives in archives, what unpacks to too much, and what needs a password. */
export const listPacked = (): CorpusFile[] => toCorpusFiles([...bombs, ...viruses, ...sealed])
