import { randomBytes } from 'node:crypto'
import { Transform } from 'node:stream'
import type { TransformCallback } from 'node:stream'
import { createSegmentCutter } from './segmentCutter.ts'
import { createHeader, deriveSegmentCipher, fullSegmentBytes, segmentBytes, tagBytes } from './tinkStreamFormat.ts'

/**
 * Encrypts a byte stream in the format of `tinkStreamFormat.ts` under a salt of its own. `key` is 32 bytes; `associatedData` must be
 * given again, the same, to decrypt. A stream that is destroyed leaves a ciphertext that does not decrypt.
 */
export const createEncryptStream = (key: Buffer, associatedData: Buffer): Transform => {
  const header = createHeader(randomBytes)
  const cipher = deriveSegmentCipher(key, associatedData, header)
  const cutter = createSegmentCutter((segment) => fullSegmentBytes(segment) - tagBytes)
  let segment = 0
  const transform = new Transform({
    writableHighWaterMark: segmentBytes,
    readableHighWaterMark: segmentBytes,
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      try {
        for (const plaintext of cutter.add(chunk)) transform.push(cipher.seal(segment++, false, plaintext))
        done()
      } catch (error) {
        done(error as Error)
      }
    },
    flush(done: TransformCallback) {
      done(null, cipher.seal(segment, true, cutter.rest()))
    },
  })
  transform.push(header)
  return transform
}
