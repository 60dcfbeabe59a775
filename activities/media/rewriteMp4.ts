import { findBox, listBoxes, listInside, UnreadableMp4 } from './mp4Boxes.ts'
import type { Box } from './mp4Boxes.ts'
import { listSampleRanges } from './listSampleRanges.ts'
import type { Range } from './listSampleRanges.ts'

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

/** Turns a box into free space of the same size, so that nothing after it moves: the tables hold offsets into the file. */
const blank = (content: Buffer, box: Box): void => {
  content.write('free', box.start + 4, 'latin1')
  content.fill(0, box.body, box.end)
}

const blankAllBut = (content: Buffer, boxes: readonly Box[], kept: ReadonlySet<string>): Box[] => {
  for (const box of boxes) if (!kept.has(box.type)) blank(content, box)
  return boxes.filter((box) => kept.has(box.type))
}

/** Sets the times of creation and change to "unknown" (ISO 14496-12, 8.2.2: 32 bits each in version 0, 64 in version 1). */
const forgetTimes = (content: Buffer, header: Box | null): void => {
  if (header === null) throw new UnreadableMp4('a header is missing')
  const end = header.body + (content.readUInt8(header.body) === 1 ? 20 : 12)
  if (end > header.end) throw new UnreadableMp4('a header is cut off')
  content.fill(0, header.body + 4, end)
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
const dropTrack = (content: Buffer, track: Box, mediaData: MediaData): void => {
  for (const range of listSampleRanges(content, track)) {
    if (!isInside(mediaData.boxes, range)) throw new UnreadableMp4('a sample lies outside of the media data')
    // Samples on top of each other would let a small file ask for work without end.
    mediaData.bytesLeft -= range.end - range.start
    if (mediaData.bytesLeft < 0) throw new UnreadableMp4('there are more samples than media data')
    content.fill(0, range.start, range.end)
  }
  blank(content, track)
}

const rewriteTrack = (content: Buffer, track: Box, movie: { isFragmented: boolean; mediaData: MediaData }): void => {
  const handler = findBox(content, track, ['mdia', 'hdlr'])
  if (handler === null || handler.body + 12 > handler.end) throw new UnreadableMp4('a track does not say what it is')
  if (!keptHandlers.has(content.toString('latin1', handler.body + 8, handler.body + 12))) {
    if (movie.isFragmented) throw new UnreadableMp4('a track of metadata is spread over fragments')
    return dropTrack(content, track, movie.mediaData)
  }
  const media = findBox(content, track, ['mdia'])
  const information = findBox(content, track, ['mdia', 'minf'])
  const tables = findBox(content, track, ['mdia', 'minf', 'stbl'])
  if (media === null || information === null || tables === null) throw new UnreadableMp4('a track has no media')
  forgetTimes(content, findBox(content, track, ['tkhd']))
  forgetTimes(content, findBox(content, media, ['mdhd']))
  // The name of the handler is free text.
  content.fill(0, Math.min(handler.body + 24, handler.end), handler.end)
  blankAllBut(content, listInside(content, track), keptInTrack)
  blankAllBut(content, listInside(content, media), keptInMedia)
  blankAllBut(content, listInside(content, information), keptInMediaInformation)
  blankAllBut(content, listInside(content, tables), keptInTables)
}

const rewriteMovie = (content: Buffer, movie: Box, mediaData: MediaData): void => {
  forgetTimes(content, findBox(content, movie, ['mvhd']))
  const kept = blankAllBut(content, listInside(content, movie), keptInMovie)
  const isFragmented = kept.some((box) => box.type === 'mvex')
  for (const track of kept) if (track.type === 'trak') rewriteTrack(content, track, { isFragmented, mediaData })
}

const rewriteFragment = (content: Buffer, fragment: Box): void => {
  for (const box of blankAllBut(content, listInside(content, fragment), keptInFragment)) {
    if (box.type === 'traf') blankAllBut(content, listInside(content, box), keptInTrackFragment)
  }
}

/**
 * The same MP4 or M4A without places, times, device names, tags and tracks of metadata, of the same length. Null when it
 * cannot be walked to its end. What encoders hide in the coded pictures themselves is left.
 */
export const rewriteMp4 = (original: Buffer): Buffer | null => {
  const content = Buffer.from(original)
  try {
    const boxes = blankAllBut(content, listBoxes(content, 0, content.length), keptInFile)
    const movies = boxes.filter((box) => box.type === 'moov')
    if (boxes[0]?.type !== 'ftyp' || movies.length !== 1) throw new UnreadableMp4('there is not exactly one movie')
    const mediaData = { boxes: boxes.filter((box) => box.type === 'mdat'), bytesLeft: content.length }
    for (const movie of movies) rewriteMovie(content, movie, mediaData)
    for (const fragment of boxes) if (fragment.type === 'moof') rewriteFragment(content, fragment)
    return content
  } catch (error) {
    // A length that points outside of the file shows as a RangeError.
    if (error instanceof UnreadableMp4 || error instanceof RangeError) return null
    throw error
  }
}
