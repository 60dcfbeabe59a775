import { randomBytes } from 'node:crypto'
import type { RefusalReason } from '../../domain/attachment.ts'
import { contentTypes, clean, refusedAs, type CorpusFile } from './corpusFile.ts'
import { makeEicar } from './eicar.ts'
import { makeCompoundFile } from './makeCompoundFile.ts'
import { makeEncryptedZip, makeZipBomb } from './makeHostileZip.ts'
import { makePhoto, makePixelFlood, makePlainPicture, makeTruncatedJpeg } from './makeImage.ts'
import { makeDocm, makeDocx, makeDocxWithMacros } from './makeOffice.ts'
import { makePdfWithFile, makeScriptedPdf, makeTextPdf } from './makePdf.ts'
import { makeLatin1Text } from './makeText.ts'
import { makeZip } from './makeZip.ts'

const refused = (reason: RefusalReason) => ({ journey: 'upload', expected: refusedAs(reason) }) as const
const mebibyte = 1024 * 1024

const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>fetch("https://example.org/")</script></svg>'
const html = '<!doctype html><html><body><form action="https://example.org/">Password <input name="p"></form></body></html>'
const contentTypesPart = { path: '[Content_Types].xml', content: Buffer.from('<?xml version="1.0"?><Types/>') }

/** What the engine cannot look into. */
const listSealed = (): CorpusFile[] => [
  {
    name: 'secret plans.docx',
    contentType: contentTypes.docx,
    by: 'student',
    ...refused('encrypted'),
    make: async () => makeEncryptedZip([{ path: 'word/document.xml', content: Buffer.from('Nobody can look in here. '.repeat(20)) }]),
  },
  {
    name: 'with password.docx',
    contentType: contentTypes.docx,
    by: 'teacher',
    ...refused('encrypted'),
    make: async () =>
      makeCompoundFile([
        { name: 'EncryptionInfo', content: Buffer.concat([Buffer.from('0400040040000000', 'hex'), Buffer.from('<encryption/>')]) },
        { name: 'EncryptedPackage', content: randomBytes(8_192) },
      ]),
  },
  {
    name: 'tiny but huge.docx',
    contentType: contentTypes.docx,
    by: 'student',
    ...refused('engine-limits'),
    make: async () => makeZipBomb([contentTypesPart], 90 * mebibyte, 6),
  },
]

/** What is not what its name says. */
const listDisguised = (): CorpusFile[] => [
  { name: 'drawing.png', contentType: contentTypes.png, by: 'student', ...refused('type-mismatch'), make: async () => Buffer.from(svg) },
  { name: 'sign in.pdf', contentType: contentTypes.pdf, by: 'student', ...refused('type-mismatch'), make: async () => Buffer.from(html) },
  {
    name: 'program.pdf',
    contentType: contentTypes.pdf,
    by: 'student',
    ...refused('type-mismatch'),
    make: async () => Buffer.concat([Buffer.from('7f454c4602010100', 'hex'), Buffer.alloc(4_088)]),
  },
  {
    name: 'really a png.jpg',
    contentType: contentTypes.jpeg,
    by: 'student',
    ...refused('type-mismatch'),
    make: () => makePlainPicture('png', { width: 40, height: 40 }, 9),
  },
  {
    name: 'plain zip.docx',
    contentType: contentTypes.docx,
    by: 'student',
    ...refused('type-mismatch'),
    make: () => makeZip([{ path: 'a.txt', content: 'hello' }]),
  },
  {
    name: 'really a pdf.txt',
    contentType: contentTypes.txt,
    by: 'teacher',
    ...refused('type-mismatch'),
    make: () => makeTextPdf('Not a text', ['Hello']),
  },
  {
    name: 'noise.mp4',
    contentType: contentTypes.mp4,
    by: 'student',
    ...refused('type-mismatch'),
    make: async () => Buffer.alloc(5_000, 'noise'),
  },
  { name: 'grades.docx', contentType: contentTypes.docx, by: 'student', ...refused('macros'), make: makeDocm },
  { name: 'grades with macros.docx', contentType: contentTypes.docx, by: 'student', ...refused('macros'), make: makeDocxWithMacros },
  {
    name: 'old encoding.txt',
    contentType: contentTypes.txt,
    by: 'guardian',
    ...refused('text-not-utf8'),
    make: async () => makeLatin1Text(),
  },
  {
    name: 'binary.csv',
    contentType: contentTypes.csv,
    by: 'student',
    ...refused('text-not-utf8'),
    make: async () => Buffer.from('a,b\0c\r\n'.repeat(50)),
  },
]

/** Papers that do more than be read. */
const listActive = (): CorpusFile[] => [
  { name: 'opens and acts.pdf', contentType: contentTypes.pdf, by: 'student', ...refused('active-content'), make: makeScriptedPdf },
  {
    // clamd 1.4.6 takes the end of `octet-stream` in the dictionary for the word `stream`, fails to unpack what follows and says OK.
    // The enclosed file is refused for being there.
    name: 'unseen attachment.pdf',
    contentType: contentTypes.pdf,
    by: 'student',
    ...refused('active-content'),
    make: () => makePdfWithFile(makeEicar(), 'grades.com', 'application/octet-stream'),
  },
]

/** Pictures that would hurt whoever decodes them, or cannot be decoded whole. */
const listBrokenPictures = (): CorpusFile[] => [
  {
    name: 'cut off.jpg',
    contentType: contentTypes.jpeg,
    by: 'student',
    ...refused('image-unreadable'),
    make: () => makeTruncatedJpeg({ width: 800, height: 600 }),
  },
  { name: 'pixel flood.png', contentType: contentTypes.png, by: 'student', ...refused('image-too-many-pixels'), make: makePixelFlood },
]

export const listUnscannable = (): CorpusFile[] => [
  ...listSealed(),
  ...listDisguised(),
  ...listActive(),
  ...listBrokenPictures(),
  {
    // A picture with something behind it: what people get is the picture alone.
    name: 'picture with a tail.jpg',
    contentType: contentTypes.jpeg,
    by: 'student',
    journey: 'upload',
    expected: clean,
    privateMark: 'hidden behind the picture',
    make: async () =>
      Buffer.concat([
        await makePhoto('jpeg', { width: 300, height: 200 }, 7),
        await makeZip([{ path: 'hidden.txt', content: 'hidden behind the picture', stored: true }]),
      ]),
  },
  { name: 'empty docx.docx', contentType: contentTypes.docx, by: 'student', journey: 'upload', expected: clean, make: () => makeDocx([]) },
]
