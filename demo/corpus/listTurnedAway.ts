import { uploadLimits } from '../../domain/uploadLimits.ts'
import { clean, contentTypes, expired, turnedAway, type CorpusFile } from './corpusFile.ts'
import { makePhoto } from './makeImage.ts'
import { makeTextPdf } from './makePdf.ts'

const away = { journey: 'upload', expected: turnedAway } as const

const makeDrawing = async (): Promise<Buffer> => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')

/** What the API refuses before a byte is sent. */
export const listTurnedAway = (): CorpusFile[] => [
  {
    name: 'whole movie.mp4',
    contentType: contentTypes.mp4,
    by: 'student',
    ...away,
    make: async () => Buffer.alloc(uploadLimits.bytesDefault + 1),
  },
  { name: 'empty.txt', contentType: contentTypes.txt, by: 'student', ...away, make: async () => Buffer.alloc(0) },
  { name: 'setup.exe', contentType: 'application/x-msdownload', by: 'student', ...away, make: async () => Buffer.from('MZ') },
  { name: 'homework.pdf.exe', contentType: contentTypes.pdf, by: 'student', ...away, make: async () => Buffer.from('MZ') },
  { name: 'drawing.svg', contentType: 'image/svg+xml', by: 'student', ...away, make: makeDrawing },
  { name: 'page.html', contentType: 'text/html', by: 'student', ...away, make: async () => Buffer.from('<p>hello') },
  {
    name: 'IMG_0001.heic',
    contentType: 'image/heic',
    by: 'guardian',
    ...away,
    make: async () => Buffer.from('0000001866747970686569630000', 'hex'),
  },
  { name: 'no extension', contentType: contentTypes.txt, by: 'student', ...away, make: async () => Buffer.from('hello\n') },
]

/** Uploads that do not go as they should: the store refuses the bytes, or the client goes away. */
export const listDisturbed = (): CorpusFile[] => [
  {
    name: 'bigger than it said.pdf',
    contentType: contentTypes.pdf,
    by: 'student',
    journey: 'upload',
    expected: expired,
    declaredBytes: 100,
    make: () => makeTextPdf('Long', Array<string>(20).fill('More than was said.')),
  },
  {
    name: 'nothing after all.txt',
    contentType: contentTypes.txt,
    by: 'student',
    journey: 'upload',
    expected: expired,
    declaredBytes: 10,
    make: async () => Buffer.alloc(0),
  },
  {
    name: 'changed my mind.txt',
    contentType: contentTypes.txt,
    by: 'teacher',
    journey: 'never-send',
    expected: expired,
    make: async () => Buffer.from('Never sent.\n'),
  },
  {
    name: 'battery died.jpg',
    contentType: contentTypes.jpeg,
    by: 'student',
    journey: 'vanish',
    expected: clean,
    make: () => makePhoto('jpeg', { width: 500, height: 400 }, 33),
  },
  {
    name: 'changed afterwards.txt',
    contentType: contentTypes.txt,
    by: 'student',
    journey: 'overwrite',
    expected: clean,
    make: async () => Buffer.from('These are the bytes that were looked at.\n'),
  },
]
