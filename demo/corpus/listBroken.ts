import sharp from 'sharp'
import { clean, quarantined, refusedAs, type CorpusFile } from './corpusFile.ts'
import { makeEicar } from './eicar.ts'
import { toCorpusFiles, type HostileRow } from './hostileRow.ts'
import { makeMp4 } from './makeMedia.ts'
import { makeDocx } from './makeOffice.ts'
import { makeTextPdf } from './makePdf.ts'
import { makeZip } from './makeZip.ts'

const formats = { jpg: 'jpeg', png: 'png', gif: 'gif', webp: 'webp' } as const
type Extension = keyof typeof formats

/** Noise, so that every part of the file says something about the picture. */
const makeNoise = (extension: Extension): Promise<Buffer> =>
  sharp({ create: { width: 90, height: 70, channels: 3, background: 'black', noise: { type: 'gaussian', mean: 120, sigma: 40 } } })
    .toFormat(formats[extension])
    .toBuffer()

const cuts: Readonly<Record<string, number>> = { 'to its head': 0.02, 'to a tenth': 0.1, 'to half': 0.5, 'to nine tenths': 0.9 }

const listCuts = (): HostileRow[] =>
  (Object.keys(formats) as Extension[]).flatMap((extension) =>
    Object.entries(cuts).map(([kind, share]): HostileRow => [
      `picture cut ${kind}.${extension}`,
      refusedAs('image-unreadable'),
      async () => {
        const whole = await makeNoise(extension)
        return whole.subarray(0, Math.max(12, Math.floor(whole.length * share)))
      },
    ]),
  )

/** Zeros over a fifth of it, from the middle on. */
const spoil = (content: Buffer): Buffer => Buffer.from(content).fill(0, content.length >> 1, Math.floor(content.length * 0.7))

const makeFlood = (): Promise<Buffer> =>
  sharp({ create: { width: 8_000, height: 5_100, channels: 3, background: 'white' }, limitInputPixels: false })
    .jpeg()
    .toBuffer()

/** A PNG that says it is 60,000 pixels wide and high, and has none of them. */
const makeEmptyFlood = async (): Promise<Buffer> => {
  const content = Buffer.from(await makeNoise('png'))
  content.writeUInt32BE(60_000, 16)
  content.writeUInt32BE(60_000, 20)
  return content
}

const half = (content: Buffer): Buffer => content.subarray(0, content.length >> 1)

const broken: readonly HostileRow[] = [
  ['spoilt picture.png', refusedAs('image-unreadable'), async () => spoil(await makeNoise('png'))],
  ['flood.jpg', refusedAs('image-too-many-pixels'), makeFlood],
  ['flood of nothing.png', refusedAs('image-too-many-pixels'), makeEmptyFlood],
  ['half a film.mp4', refusedAs('media-unreadable'), () => half(makeMp4(200))],
  ['half a document.docx', refusedAs('document-unreadable'), async () => half(await makeDocx(['Hello'.repeat(500)]))],
  ['document without an end.docx', refusedAs('document-unreadable'), async () => (await makeDocx(['Hello'])).subarray(0, -20)],
  [
    'sound of noise.mp3',
    refusedAs('type-mismatch'),
    () => Buffer.concat([Buffer.from('ID3\u0003\0\0\0\0\0\0'), Buffer.alloc(9_000, 'noise')]),
  ],
]

/** Two kinds of file in one, where programs differ in which they see. */
const polyglots: readonly HostileRow[] = [
  [
    'page and archive.pdf',
    quarantined,
    async () => Buffer.concat([await makeTextPdf('Two', ['in one']), await makeZip([{ path: 'run.com', content: makeEicar() }])]),
  ],
  [
    'archive before a page.pdf',
    refusedAs('type-mismatch'),
    async () => Buffer.concat([await makeZip([{ path: 'a.txt', content: 'a' }]), await makeTextPdf('Two', ['in one'])]),
  ],
  ['picture and page.gif', clean, async () => Buffer.concat([await makeNoise('gif'), Buffer.from('<script>alert(1)</script>')])],
  ['picture and program.png', clean, async () => Buffer.concat([await makeNoise('png'), Buffer.from('4d5a9000', 'hex')])],
  [
    'picture and archive.webp',
    quarantined,
    async () => Buffer.concat([await makeNoise('webp'), await makeZip([{ path: 'run.com', content: makeEicar() }])]),
  ],
  ['script that is a picture.gif', refusedAs('image-unreadable'), () => Buffer.from('GIF89a/*\0\0*/=1;alert(1)')],
]

/** Files cut off, spoilt, far too large when they are opened, or two things at once. */
export const listBroken = (): CorpusFile[] => toCorpusFiles([...listCuts(), ...broken, ...polyglots])
