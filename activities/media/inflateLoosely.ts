import { constants, inflateRawSync } from 'node:zlib'
import { giveBack } from '../spool/giveBack.ts'
import { readContent, type Content } from './content.ts'

/** What came out, and whether it is all that will, however much follows; or why that is not known: over the limit. */
type Inflated = { made: Buffer; isAll: boolean } | 'too-much'

/** `isEnded`: it says itself that nothing follows. Null when it is damaged somewhere. */
const inflateSound = (packed: Buffer, bytesMax: number): { made: Buffer; isEnded: boolean } | 'too-much' | null => {
  try {
    // The room that it makes is no more than is likely to be filled: there are thousands of small streams in a file.
    const chunkSize = Math.min(64 * 1024, Math.max(1_024, packed.length * 4))
    const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: Math.max(1, bytesMax), chunkSize, info: true }
    // With `info` it answers this and not a buffer, which its types leave out.
    const { buffer: made, engine } = inflateRawSync(packed, options) as unknown as { buffer: Buffer; engine: { bytesWritten: number } }
    return { made, isEnded: engine.bytesWritten < packed.length }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') return 'too-much'
    return null
  }
}

/** What stands before the damage. zlib keeps that to itself: look for the longest start that it does not find damaged. */
const inflateDamaged = (body: Buffer, bytesMax: number): Inflated => {
  let [sound, damaged] = [0, body.length]
  let best: Buffer = Buffer.alloc(0)
  while (damaged - sound > 1) {
    const middle = (sound + damaged) >> 1
    const part = inflateSound(body.subarray(0, middle), bytesMax)
    if (part === 'too-much') return part
    if (part === null) damaged = middle
    else {
      sound = middle
      best = part.made
    }
  }
  return { made: best, isAll: true }
}

/** Most packed objects are shorter. */
const firstBytes = 32 * 1024

/**
 * Unpacks the zlib stream that begins at `start` as PDF viewers do, who show what they can: its check sums and the end of its input do not
 * matter, and of a damaged one it is what stands before the damage. It may end anywhere before `end`, and no more is read than it takes to
 * see that. Empty when it is none. `end` is at least three bytes away, or the end of the file.
 */
export const inflateLoosely = (content: Content, start: number, end: number, bytesMax: number): Inflated => {
  for (let bytes = firstBytes; ; bytes *= 4) {
    const packed = readContent(content, start, Math.min(end, start + bytes))
    // Compression method 8 (RFC 1950); the other bits of the two bytes are not asked for by every viewer.
    if (packed.length < 3 || ((packed[0] ?? 0) & 0x0f) !== 8) return { made: Buffer.alloc(0), isAll: true }
    const body = packed.subarray(2)
    const sound = inflateSound(body, bytesMax)
    if (sound === 'too-much') return sound
    if (sound === null) return inflateDamaged(body, bytesMax)
    const isRead = packed.length < bytes
    giveBack(packed)
    if (sound.isEnded || isRead) return { made: sound.made, isAll: sound.isEnded || end >= content.bytes }
    giveBack(sound.made)
  }
}
