import { gzipSync } from 'node:zlib'
import { contentTypes, quarantined, type CorpusFile } from './corpusFile.ts'
import { makeEicar } from './eicar.ts'
import { makePhoto } from './makeImage.ts'
import { makeDocx, makeOpenDocument } from './makeOffice.ts'
import { makePdfWithFile } from './makePdf.ts'
import { makeZip } from './makeZip.ts'

const infected = { journey: 'upload', expected: quarantined } as const

const wrapInZips = async (content: Buffer, depth: number): Promise<Buffer> => {
  let wrapped = content
  for (let level = 0; level < depth; level += 1) wrapped = await makeZip([{ path: `level${level}.zip`, content: wrapped }])
  return wrapped
}

const makeMail = (): Buffer => {
  const encoded = makeEicar().toString('base64')
  return Buffer.from(
    [
      'From: sender@example.org',
      'To: receiver@example.org',
      'Subject: homework',
      'MIME-Version: 1.0',
      'Content-Type: application/octet-stream; name="homework.com"',
      'Content-Transfer-Encoding: base64',
      '',
      encoded,
      '',
    ].join('\r\n'),
  )
}

/** The EICAR test file, in what people really send. */
export const listInfected = (): CorpusFile[] => [
  { name: 'free robux.txt', contentType: contentTypes.txt, by: 'student', ...infected, make: async () => makeEicar() },
  {
    name: 'group project.docx',
    contentType: contentTypes.docx,
    by: 'student',
    ...infected,
    make: () => makeDocx(['See the enclosed program.'], [{ path: 'word/embeddings/program.bin', content: makeEicar() }]),
  },
  {
    name: 'zip in docx.docx',
    contentType: contentTypes.docx,
    by: 'student',
    ...infected,
    make: async () => makeDocx(['Look inside.'], [{ path: 'word/media/image1.zip', content: await wrapInZips(makeEicar(), 2) }]),
  },
  {
    name: 'twelve zips deep.docx',
    contentType: contentTypes.docx,
    by: 'student',
    ...infected,
    make: () => wrapInZips(makeEicar(), 12),
  },
  {
    // With clamd's own MaxFileSize it would look at the first 100 MiB and say OK (docs/decisions/scanner-adapter.md).
    name: 'one huge page.docx',
    contentType: contentTypes.docx,
    by: 'student',
    ...infected,
    make: () => makeZip([{ path: 'word/document.xml', content: Buffer.concat([Buffer.alloc(110 * 1024 * 1024), makeEicar()]) }]),
  },
  {
    name: 'choir.odt',
    contentType: contentTypes.odt,
    by: 'guardian',
    ...infected,
    make: () => makeOpenDocument('odt', 'Songs', [{ path: 'Pictures/song.com', content: makeEicar() }]),
  },
  {
    name: 'with attachment.pdf',
    contentType: contentTypes.pdf,
    by: 'student',
    ...infected,
    make: () => makePdfWithFile(makeEicar(), 'grades.com', 'text/plain'),
  },
  {
    name: 'photo and archive.jpg',
    contentType: contentTypes.jpeg,
    by: 'student',
    ...infected,
    make: async () =>
      Buffer.concat([await makePhoto('jpeg', { width: 320, height: 240 }, 3), await makeZip([{ path: 'run.com', content: makeEicar() }])]),
  },
  { name: 'forwarded mail.txt', contentType: contentTypes.txt, by: 'guardian', ...infected, make: async () => makeMail() },
  { name: 'packed points.csv', contentType: contentTypes.csv, by: 'student', ...infected, make: async () => gzipSync(makeEicar()) },
  { name: 'not a picture.png', contentType: contentTypes.png, by: 'student', ...infected, make: async () => makeEicar() },
]
