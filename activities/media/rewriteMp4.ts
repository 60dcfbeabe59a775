import type { Content } from './content.ts'
import { openFields, type ContentFields } from './contentFields.ts'
import { findBox, listBoxes, listInside, UnreadableMp4 } from './mp4Boxes.ts'
import type { Box } from './mp4Boxes.ts'
import { listSampleRanges } from './listSampleRanges.ts'
import type { Piece, Range } from './pieces.ts'

/** What a player needs. Any other box, `udta`, `meta` and `uuid` among them, is where places, devices and names are kept. */
const keptInFile = new Set(['ftyp', 'styp', 'moov', 'mdat', 'moof', 'mfra', 'sidx', 'ssix', 'prft', 'pdin', 'wide'])
const keptInMovie = new Set(['mvhd', 'trak', 'mvex', 'iods'])
const keptInTrack = new Set(['tkhd', 'edts', 'mdia', 'tref', 'trgr', 'tapt', 'clef', 'prof', 'enof', 'load'])
const keptInMedia = new Set(['mdhd', 'hdlr', 'minf', 'elng'])
const keptInMediaInformation = new Set(['vmhd', 'smhd', 'nmhd', 'sthd', 'hmhd', 'dinf', 'stbl'])
const keptInTables = new Set('stsd stts ctts cslg stss stsh sdtp stsc stsz stz2 stco co64 stdp padb subs sbgp sgpd saiz saio'.split(' '))
const keptInFragment = new Set(['mfhd', 'traf'])
const keptInTrackFragment = new Set(['tfhd', 'tfdt', 'trun', 'saiz', 'saio', 'sbgp', 'sgpd', 'subs', 'senc'])

/** Sound, picture and words. Timed metadata (`meta`, GPS, gyroscope) and whatever else is dropped with its samples. */
const keptHandlers = new Set(['vide', 'soun', 'text', 'sbtl', 'subt', 'clcp'])

/** The file, and what is to stand in it instead: nothing that is read later is ever written over. */
type Draft = { content: ContentFields; changes: Piece[] }

const fillZeros = ({ changes }: Draft, start: number, end: number): void => {
  if (end > start) changes.push({ start, end, as: 'zeros' })
}

/** Turns a box into free space of the same size, so that nothing after it moves: the tables hold offsets into the file. */
const blank = (draft: Draft, box: Box): void => {
  draft.changes.push({ start: box.start + 4, end: box.start + 8, as: 'free' })
  fillZeros(draft, box.body, box.end)
}

const blankAllBut = (draft: Draft, boxes: readonly Box[], kept: ReadonlySet<string>): Box[] => {
  for (const box of boxes) if (!kept.has(box.type)) blank(draft, box)
  return boxes.filter((box) => kept.has(box.type))
}

/** Sets the times of creation and change to "unknown" (ISO 14496-12, 8.2.2: 32 bits each in version 0, 64 in version 1). */
const forgetTimes = (draft: Draft, header: Box | null): void => {
  if (header === null) throw new UnreadableMp4('a header is missing')
  const end = header.body + (draft.content.uint8(header.body) === 1 ? 20 : 12)
  if (end > header.end) throw new UnreadableMp4('a header is cut off')
  fillZeros(draft, header.body + 4, end)
}

/** The media data of a file in ascending order, and how many more bytes of samples may be blanked in it. */
type MediaData = { boxes: readonly Box[]; bytesLeft: number }

const isInside = (boxes: readonly Box[], { start, end }: Range): boolean => {
  let [low, high] = [0, boxes.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((boxes[middle]?.body ?? 0) <= start) low = middle + 1
    else high = middle
  }
  const box = boxes[low - 1]
  return box !== undefined && end <= box.end
}

/** Blanks a track with the samples it points to, which must be media data: anything else there is not its own. */
const dropTrack = (draft: Draft, track: Box, mediaData: MediaData): void => {
  for (const range of listSampleRanges(draft.content, track)) {
    if (!isInside(mediaData.boxes, range)) throw new UnreadableMp4('a sample lies outside of the media data')
    // Samples on top of each other would let a small file ask for work without end.
    mediaData.bytesLeft -= range.end - range.start
    if (mediaData.bytesLeft < 0) throw new UnreadableMp4('there are more samples than media data')
    fillZeros(draft, range.start, range.end)
  }
  blank(draft, track)
}

const rewriteTrack = (draft: Draft, track: Box, movie: { isFragmented: boolean; mediaData: MediaData }): void => {
  const { content } = draft
  const handler = findBox(content, track, ['mdia', 'hdlr'])
  if (handler === null || handler.body + 12 > handler.end) throw new UnreadableMp4('a track does not say what it is')
  if (!keptHandlers.has(content.latin1(handler.body + 8, handler.body + 12))) {
    if (movie.isFragmented) throw new UnreadableMp4('a track of metadata is spread over fragments')
    return dropTrack(draft, track, movie.mediaData)
  }
  const media = findBox(content, track, ['mdia'])
  const information = findBox(content, track, ['mdia', 'minf'])
  const tables = findBox(content, track, ['mdia', 'minf', 'stbl'])
  if (media === null || information === null || tables === null) throw new UnreadableMp4('a track has no media')
  forgetTimes(draft, findBox(content, track, ['tkhd']))
  forgetTimes(draft, findBox(content, media, ['mdhd']))
  // The name of the handler is free text.
  fillZeros(draft, Math.min(handler.body + 24, handler.end), handler.end)
  blankAllBut(draft, listInside(content, track), keptInTrack)
  blankAllBut(draft, listInside(content, media), keptInMedia)
  blankAllBut(draft, listInside(content, information), keptInMediaInformation)
  blankAllBut(draft, listInside(content, tables), keptInTables)
}

const rewriteMovie = (draft: Draft, movie: Box, mediaData: MediaData): void => {
  forgetTimes(draft, findBox(draft.content, movie, ['mvhd']))
  const kept = blankAllBut(draft, listInside(draft.content, movie), keptInMovie)
  const isFragmented = kept.some((box) => box.type === 'mvex')
  for (const track of kept) if (track.type === 'trak') rewriteTrack(draft, track, { isFragmented, mediaData })
}

const rewriteFragment = (draft: Draft, fragment: Box): void => {
  for (const box of blankAllBut(draft, listInside(draft.content, fragment), keptInFragment)) {
    if (box.type === 'traf') blankAllBut(draft, listInside(draft.content, box), keptInTrackFragment)
  }
}

/** The whole file in order, with its changes: those that lie on top of each other are all zeros. */
const toPieces = (changes: readonly Piece[], bytes: number): Piece[] => {
  const pieces: Piece[] = []
  let at = 0
  for (const change of changes.toSorted((one, other) => one.start - other.start)) {
    if (change.end <= at) continue
    if (change.start > at) pieces.push({ start: at, end: change.start, as: 'kept' })
    pieces.push({ ...change, start: Math.max(at, change.start) })
    at = change.end
  }
  if (at < bytes) pieces.push({ start: at, end: bytes, as: 'kept' })
  return pieces
}

/**
 * The same MP4 or M4A without places, times, device names, tags and tracks of metadata, of the same length. Null when it
 * cannot be walked to its end. What encoders hide in the coded pictures themselves is left.
 */
export const rewriteMp4 = (original: Content): Piece[] | null => {
  const draft: Draft = { content: openFields(original), changes: [] }
  try {
    const boxes = blankAllBut(draft, listBoxes(draft.content, 0, original.bytes), keptInFile)
    const movies = boxes.filter((box) => box.type === 'moov')
    if (boxes[0]?.type !== 'ftyp' || movies.length !== 1) throw new UnreadableMp4('there is not exactly one movie')
    const mediaData = { boxes: boxes.filter((box) => box.type === 'mdat'), bytesLeft: original.bytes }
    for (const movie of movies) rewriteMovie(draft, movie, mediaData)
    for (const fragment of boxes) if (fragment.type === 'moof') rewriteFragment(draft, fragment)
    return toPieces(draft.changes, original.bytes)
  } catch (error) {
    // A length that points outside of the file shows as a RangeError.
    if (error instanceof UnreadableMp4 || error instanceof RangeError) return null
    throw error
  }
}
