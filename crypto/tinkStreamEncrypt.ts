import { Transform } from 'node:stream'
import type { TransformCallback } from 'node:stream'
import { segmentBytes } from './tinkStreamFormat.ts'
import { createStreamSealer } from './tinkStreamSealer.ts'

/**
 * Encrypts a byte stream in the format of `tinkStreamFormat.ts` under a salt of its own. `key` is 32 bytes; `associatedData` must be
 * given again, the same, to decrypt. A stream that is destroyed leaves a ciphertext that does not decrypt.
 */
export const createEncryptStream = (key: Buffer, associatedData: Buffer): Transform => {
  const sealer = createStreamSealer(key, associatedData)
  const transform = new Transform({
    writableHighWaterMark: segmentBytes,
    readableHighWaterMark: segmentBytes,
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      try {
        for (const sealed of sealer.add(chunk)) transform.push(sealed)
        done()
      } catch (error) {
        done(error as Error)
      }
    },
    flush(done: TransformCallback) {
      for (const sealed of sealer.end()) transform.push(sealed)
      done()
    },
  })
  transform.push(sealer.header)
  return transform
}
