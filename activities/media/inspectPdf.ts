import type { RefusalReason } from '../../domain/attachment.ts'
import { giveBack } from '../spool/giveBack.ts'
import { openWindow, readContent, type Content } from './content.ts'
import { inflateLoosely } from './inflateLoosely.ts'
import { toNamePattern } from './namePattern.ts'
import { skipSpace } from './pdfDictionary.ts'
import { createLineFinder, listDataStarts, listDeclared, listStreamKeywords } from './pdfStreams.ts'

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
const anyFilter = new RegExp(toNamePattern(['Filter', 'F']), 'g')
const space = String.raw`[\s\0]*`
const flate = toNamePattern(['FlateDecode', 'Fl']).source
/** Unpacked by inflating alone, said in the dictionary itself and in one place. */
const onlyFlate = new RegExp(`${toNamePattern(['Filter', 'F']).source}${space}(?:${flate}|\\[${space}${flate}${space}\\])`)
const anyParameters = new RegExp(toNamePattern(['DecodeParms', 'DP']), 'g')
/** Said here and not in another object, where a predictor would not be seen. */
const ownParameters = new RegExp(`${toNamePattern(['DecodeParms', 'DP']).source}${space}\\[?${space}(?:null|<<)`)
const predictor = toNamePattern(['Predictor'])
/** How every stream of packed objects begins: with a number, or a comment before it. */
const startsAsObjects = /^(?:%|[+-]*[\d.eE]+(?:[\s\0%+-]|$))/

/** Longer than any name above with every letter escaped. */
const overlapBytes = 128
const streamsMax = 100_000
const unpackedBytesMax = 64 * 1024 * 1024
const unpackedBytesMaxOfFile = 256 * 1024 * 1024

/** Searches in pieces, since a string takes memory of its own. `readWindow` gives what begins at a place, `overlapBytes` more than `windowBytes`. */
const searchNames = (bytes: number, windowBytes: number, readWindow: (at: number) => Buffer): RefusalReason | null => {
  for (let at = 0; at < bytes; at += windowBytes) {
    const piece = readWindow(at).toString('latin1')
    if (encrypted.test(piece)) return 'encrypted'
    if (active.test(piece)) return 'active-content'
  }
  return null
}

type Packing = 'no-objects' | 'plain' | 'inflate' | 'unknown'

/** What a dictionary says of its stream. Anything but plain inflating hardly any program writes, and hides what viewers see. */
const readPacking = (dictionary: string): Packing => {
  if (!objectCount.test(dictionary) || !firstOffset.test(dictionary)) return 'no-objects'
  const filters = dictionary.match(anyFilter)?.length ?? 0
  const parameters = dictionary.match(anyParameters)?.length ?? 0
  if (predictor.test(dictionary) || parameters > 1 || (parameters === 1 && !ownParameters.test(dictionary))) return 'unknown'
  if (filters === 0) return 'plain'
  return filters === 1 && onlyFlate.test(dictionary) ? 'inflate' : 'unknown'
}

/** Compression method 8 (RFC 1950). */
const isZlib = (content: Content, start: number): boolean => ((readContent(content, start, start + 1)[0] ?? 0) & 0x0f) === 8

/** Whether what is packed here may be objects. Only so much is unpacked as it takes to tell. */
const mayBeObjects = (content: Content, start: number): boolean => {
  if (!isZlib(content, start)) return false
  for (let bytes = 512; ; bytes *= 8) {
    const piece = inflateLoosely(content, start, start + bytes, unpackedBytesMax)
    if (piece === 'too-much') return true
    const { made, isAll } = piece
    const first = skipSpace(made, 0)
    if (first < made.length) return startsAsObjects.test(made.toString('latin1', first, first + 4_096))
    if (isAll) return false
  }
}

/** Unpacks and searches each place once, within the budget of one file. */
const createUnpackedSearch = (content: Content) => {
  const seen = new Map<number, RefusalReason | 'nothing-there' | null>()
  let bytesLeft = unpackedBytesMaxOfFile
  const search = (start: number): RefusalReason | 'nothing-there' | null => {
    const { windowBytes } = content
    const unpacked = inflateLoosely(content, start, content.bytes, Math.min(unpackedBytesMax, bytesLeft))
    if (unpacked === 'too-much') return 'engine-limits'
    const { made } = unpacked
    bytesLeft -= made.length
    const found =
      made.length === 0
        ? 'nothing-there'
        : searchNames(made.length, windowBytes, (at) => made.subarray(at, at + windowBytes + overlapBytes))
    giveBack(made)
    return found
  }
  return {
    hasSeen: (start: number): boolean => seen.has(start),
    search: (start: number): RefusalReason | 'nothing-there' | null => {
      const found = seen.get(start)
      if (found !== undefined) return found
      const now = search(start)
      seen.set(start, now)
      return now
    },
  }
}

type UnpackedSearch = ReturnType<typeof createUnpackedSearch>

/** Where streams are that some dictionary says hold objects, in ascending order; or why one cannot be looked into. */
const listObjectStreams = (content: Content): number[] | RefusalReason => {
  const found = new Set<number>()
  for (const declared of listDeclared(content)) {
    if (declared === 'too-much' || found.size > streamsMax) return 'engine-limits'
    const packing = readPacking(declared.dictionary.toString('latin1'))
    const isStream = declared.at !== null || declared.dictionary.includes('stream')
    if (packing === 'unknown' && isStream) return 'document-unreadable'
    if (packing === 'inflate' && declared.at !== null) found.add(declared.at)
  }
  return [...found].toSorted((one, other) => one - other)
}

/** The streams that some dictionary says hold objects: what is there must unpack. */
const searchDeclared = (content: Content, unpacked: UnpackedSearch): RefusalReason | null => {
  const listed = listObjectStreams(content)
  if (!Array.isArray(listed)) return listed
  const findLineEnd = createLineFinder(content)
  for (const at of listed) {
    let isThere = false
    for (const start of listDataStarts(content, at, findLineEnd(at))) {
      const found = unpacked.search(start)
      if (found === 'nothing-there') continue
      if (found !== null) return found
      isThere = true
    }
    if (!isThere) return 'document-unreadable'
  }
  return null
}

/** Every stream that unpacks to what begins as objects do, whatever its dictionary says. */
const searchAll = (content: Content, unpacked: UnpackedSearch): RefusalReason | null => {
  const findLineEnd = createLineFinder(content)
  let streams = 0
  for (const at of listStreamKeywords(content)) {
    streams += 1
    if (streams > streamsMax) return 'engine-limits'
    for (const start of new Set(listDataStarts(content, at, findLineEnd(at)))) {
      if (unpacked.hasSeen(start) || !mayBeObjects(content, start)) continue
      const found = unpacked.search(start)
      if (found !== null && found !== 'nothing-there') return found
    }
  }
  return null
}

/**
 * Whether a PDF can be looked into and does nothing by itself. Names are searched in the file as it stands, whatever its
 * cross-references say, so that no older or orphaned revision is missed; in every stream that unpacks to what may be objects, whatever its
 * dictionary says; and no dictionary may say of its stream that it holds objects which we cannot unpack.
 */
export const inspectPdf = (content: Content): RefusalReason | null => {
  const unpacked = createUnpackedSearch(content)
  const readWindow = openWindow(content, content.windowBytes + overlapBytes)
  return searchNames(content.bytes, content.windowBytes, readWindow) ?? searchDeclared(content, unpacked) ?? searchAll(content, unpacked)
}
