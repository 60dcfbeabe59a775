import type { ContentFields } from './contentFields.ts'
import { findBox, UnreadableMp4 } from './mp4Boxes.ts'
import type { Box } from './mp4Boxes.ts'
import type { Range } from './pieces.ts'

/** Bytes that `samples` samples take, from sample `first` on. */
type Sizes = (first: number, samples: number) => number

/** A full box that counts its entries; `entry(i)` is where the i-th begins. */
const openTable = (content: ContentFields, box: Box, entryBytes: number, headBytes = 8) => {
  const count = content.uint32(box.body + headBytes - 4)
  if (box.body + headBytes + count * entryBytes > box.end) throw new UnreadableMp4('a table is cut off')
  return { count, entry: (index: number) => box.body + headBytes + index * entryBytes }
}

const openSizes = (content: ContentFields, table: Box): Sizes => {
  if (table.type === 'stz2') throw new UnreadableMp4('compact sample sizes are not read')
  const sameForAll = content.uint32(table.body + 4)
  if (sameForAll !== 0) return (_first, samples) => samples * sameForAll
  const { count, entry } = openTable(content, table, 4, 12)
  return (first, samples) => {
    if (first + samples > count) throw new UnreadableMp4('a chunk has more samples than the track')
    let bytes = 0
    for (let sample = first; sample < first + samples; sample += 1) bytes += content.uint32(entry(sample))
    return bytes
  }
}

/** Some days of sound, one chunk a second. */
const chunksMax = 1_000_000

/**
 * Where the samples of a track lie in the file (ISO 14496-12, 8.7). @throws UnreadableMp4 when its tables are missing,
 * too long or contradict each other. The ranges may lie anywhere: the caller checks.
 */
export const listSampleRanges = (content: ContentFields, track: Box): Range[] => {
  const tables = findBox(content, track, ['mdia', 'minf', 'stbl'])
  const find = (type: string): Box | null => (tables === null ? null : findBox(content, tables, [type]))
  const chunks = find('stco') ?? find('co64')
  const perChunk = find('stsc')
  const sizes = find('stsz') ?? find('stz2')
  if (chunks === null || perChunk === null || sizes === null) throw new UnreadableMp4('a track has no tables')
  const isLong = chunks.type === 'co64'
  const offsets = openTable(content, chunks, isLong ? 8 : 4)
  if (offsets.count > chunksMax) throw new UnreadableMp4('a track has too many chunks')
  const runs = openTable(content, perChunk, 12)
  const sizeOf = openSizes(content, sizes)
  const ranges: Range[] = []
  let run = 0
  let sample = 0
  for (let chunk = 0; chunk < offsets.count; chunk += 1) {
    while (run + 1 < runs.count && content.uint32(runs.entry(run + 1)) <= chunk + 1) run += 1
    const samples = runs.count === 0 ? 0 : content.uint32(runs.entry(run) + 4)
    const start = isLong ? content.uint64(offsets.entry(chunk)) : content.uint32(offsets.entry(chunk))
    ranges.push({ start, end: start + sizeOf(sample, samples) })
    sample += samples
  }
  return ranges
}
