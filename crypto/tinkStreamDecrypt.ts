import { Transform } from 'node:stream'
import type { TransformCallback } from 'node:stream'
import { createSegmentCutter } from './segmentCutter.ts'
import { deriveSegmentCipher, fullSegmentBytes, headerBytes, segmentBytes, StreamUnreadable } from './tinkStreamFormat.ts'
import type { SegmentCipher } from './tinkStreamFormat.ts'

/**
 * Decrypts what `createEncryptStream` made with the same key and associated data. No byte comes out before the tag of its segment is
 * verified; that nothing is missing at the end is known only at the end, so a reader must treat an error as "none of this is true".
 * Fails with StreamUnreadable when anything differs.
 */
export const createDecryptStream = (key: Buffer, associatedData: Buffer): Transform => {
  if (key.length !== 32) throw new RangeError('a key has 32 bytes')
  const cutter = createSegmentCutter((piece) => (piece === 0 ? headerBytes : fullSegmentBytes(piece - 1)))
  let cipher: SegmentCipher | undefined
  let segment = 0
  const transform = new Transform({
    writableHighWaterMark: segmentBytes,
    readableHighWaterMark: segmentBytes,
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      try {
        for (const piece of cutter.add(chunk)) {
          if (cipher) transform.push(cipher.open(segment++, false, piece))
          else cipher = deriveSegmentCipher(key, associatedData, piece)
        }
        done()
      } catch (error) {
        done(error as Error)
      }
    },
    flush(done: TransformCallback) {
      try {
        if (!cipher) throw new StreamUnreadable('cut short')
        done(null, cipher.open(segment, true, cutter.rest()))
      } catch (error) {
        done(error as Error)
      }
    },
  })
  return transform
}
