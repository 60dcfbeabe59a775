import { constants, inflateRawSync } from 'node:zlib'

/** What came out, or why it is not known: over the limit. */
type Inflated = Buffer | 'too-much'

const inflateWhole = (packed: Buffer, bytesMax: number): Inflated | null => {
  try {
    return inflateRawSync(packed, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: Math.max(1, bytesMax) })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') return 'too-much'
    return null
  }
}

/**
 * Unpacks a zlib stream as PDF viewers do, who show what they can: its check sums and the end of its input do not matter, and of a
 * damaged one it is what stands before the damage. `packed` may go on behind the stream. Empty when it is none.
 */
export const inflateLoosely = (packed: Buffer, bytesMax: number): Inflated => {
  // Compression method 8 (RFC 1950); the other bits of the two bytes are not asked for by every viewer.
  if (packed.length < 3 || ((packed[0] ?? 0) & 0x0f) !== 8) return Buffer.alloc(0)
  const body = packed.subarray(2)
  const whole = inflateWhole(body, bytesMax)
  if (whole !== null) return whole
  // zlib keeps what it made before the damage to itself: look for the longest start that it does not find damaged.
  let [sound, damaged] = [0, body.length]
  let best: Buffer = Buffer.alloc(0)
  while (damaged - sound > 1) {
    const middle = (sound + damaged) >> 1
    const part = inflateWhole(body.subarray(0, middle), bytesMax)
    if (part === 'too-much') return part
    if (part === null) damaged = middle
    else {
      sound = middle
      best = part
    }
  }
  return best
}
