import { setImmediate as nextTurn } from 'node:timers/promises'
import { promisify } from 'node:util'
import { constants, inflate } from 'node:zlib'
import type { RefusalReason } from '../../domain/attachment.ts'
import { toNamePattern } from './namePattern.ts'

/** Key of the trailer of an encrypted file; it cannot be inside anything packed. */
const encrypted = toNamePattern(['Encrypt'])
/**
 * What runs, starts programs, sends data off or carries other files. `OpenAction` alone is no reason: most of them set the zoom, and one
 * that acts names one of these. `JS` is short enough to occur in packed pictures; the spec demands `/S /JavaScript` with it.
 */
const active = toNamePattern([
  'JavaScript',
  'Launch',
  'EmbeddedFile',
  'EmbeddedFiles',
  'RichMedia',
  'SubmitForm',
  'ImportData',
  'GoToE',
  'XFA',
])
/** The two keys that every stream of packed objects has (ISO 32000-1, 7.5.7), and no other stream has both. */
const objectCount = toNamePattern(['N'])
const firstOffset = toNamePattern(['First'])
const anyFilter = toNamePattern(['Filter'])
const flate = toNamePattern(['FlateDecode'])
const otherFilter = toNamePattern(['LZWDecode', 'ASCIIHexDecode', 'ASCII85Decode', 'RunLengthDecode', 'Crypt'])
const predictor = toNamePattern(['Predictor'])

const windowBytes = 4 * 1024 * 1024
/** Longer than any name above with every letter escaped. */
const overlapBytes = 128
const dictionaryBytesMax = 64 * 1024
const streamsMax = 100_000
const unpackedBytesMax = 64 * 1024 * 1024

const has = (pattern: RegExp, bytes: Buffer): boolean => pattern.test(bytes.toString('latin1'))

/** Searches in pieces, so that other work of the process goes on. */
const findAny = async (content: Buffer, search: (piece: Buffer) => RefusalReason | null): Promise<RefusalReason | null> => {
  for (let at = 0; at < content.length; at += windowBytes) {
    const found = search(content.subarray(at, at + windowBytes + overlapBytes))
    if (found !== null) return found
    await nextTurn()
  }
  return null
}

const searchNames = (piece: Buffer): RefusalReason | null => {
  if (has(encrypted, piece)) return 'encrypted'
  return has(active, piece) ? 'active-content' : null
}

/** White space or the end of a dictionary: not "endstream", and not "Bitstream" in the licence of a font. */
const startsKeyword = (before: number | undefined): boolean =>
  before === 0x3e || (before !== undefined && ' \0\t\n\f\r'.includes(String.fromCharCode(before)))

/** Where the bytes of each stream begin, with the dictionary before them; null for a dictionary out of all proportion. */
function* listStreams(content: Buffer): Generator<{ dictionary: Buffer | null; start: number }> {
  for (let at = content.indexOf('stream'); at !== -1; at = content.indexOf('stream', at + 6)) {
    const after = content[at + 6]
    if (!startsKeyword(content[at - 1]) || (after !== 0x0a && after !== 0x0d)) continue
    const start = at + 6 + (after === 0x0d && content[at + 7] === 0x0a ? 2 : 1)
    const from = content.subarray(Math.max(0, at - dictionaryBytesMax), at).lastIndexOf('obj')
    yield { dictionary: from === -1 ? null : content.subarray(Math.max(0, at - dictionaryBytesMax) + from, at), start }
  }
}

const inflateAsync = promisify(inflate)

/** What is missing at the end is forgiven: "endstream" may stand by chance in packed bytes, and readers forgive it too. */
const unpack = (bytes: Buffer): Promise<Buffer | RefusalReason> =>
  inflateAsync(bytes, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: unpackedBytesMax }).catch((error: unknown) =>
    error instanceof RangeError ? 'engine-limits' : 'document-unreadable',
  )

/** The objects packed in a stream, or why it is refused: packed in a way that hardly any program uses, damaged, or without end. */
const unpackObjects = async (content: Buffer, dictionary: Buffer, start: number): Promise<Buffer | RefusalReason> => {
  const end = content.indexOf('endstream', start)
  const packed = content.subarray(start, end === -1 ? content.length : end)
  if (!has(anyFilter, dictionary)) return packed
  if (!has(flate, dictionary) || has(otherFilter, dictionary) || has(predictor, dictionary)) return 'document-unreadable'
  const unpacked = await unpack(packed)
  return unpacked === 'document-unreadable' ? unpack(content.subarray(start)) : unpacked
}

/**
 * Whether a PDF can be looked into and does nothing by itself. Names are searched in the file as it stands, whatever its
 * cross-references say, so that no older or orphaned revision is missed, and in every stream of packed objects.
 */
export const inspectPdf = async (content: Buffer): Promise<RefusalReason | null> => {
  const plain = await findAny(content, searchNames)
  if (plain !== null) return plain
  let unpackedBytes = 0
  let streams = 0
  for (const { dictionary, start } of listStreams(content)) {
    streams += 1
    if (streams > streamsMax) return 'engine-limits'
    if (streams % 256 === 0) await nextTurn()
    if (dictionary === null) return 'document-unreadable'
    if (!has(objectCount, dictionary) || !has(firstOffset, dictionary)) continue
    const objects = await unpackObjects(content, dictionary, start)
    if (!Buffer.isBuffer(objects)) return objects
    unpackedBytes += objects.length
    if (unpackedBytes > unpackedBytesMax) return 'engine-limits'
    const found = await findAny(objects, searchNames)
    if (found !== null) return found
  }
  return null
}
