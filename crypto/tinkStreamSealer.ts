import { randomBytes } from 'node:crypto'
import { createSegmentCutter } from './segmentCutter.ts'
import { createHeader, deriveSegmentCipher, fullSegmentBytes, tagBytes } from './tinkStreamFormat.ts'

/** Seals a byte stream in the format of `tinkStreamFormat.ts`: the header, then what `add` gives, then what `end` gives. */
export type StreamSealer = {
  readonly header: Buffer
  /** The segments that are full and not the last, in two parts each. Every part is the receiver's own. */
  add(plaintext: Buffer): Generator<Buffer>
  /** The last segment. Without it the stream does not decrypt. */
  end(): Buffer[]
}

/** Under a salt of its own. `key` is 32 bytes; `associatedData` must be given again, the same, to decrypt. */
export const createStreamSealer = (key: Buffer, associatedData: Buffer): StreamSealer => {
  const header = createHeader(randomBytes)
  const cipher = deriveSegmentCipher(key, associatedData, header)
  const cutter = createSegmentCutter((segment) => fullSegmentBytes(segment) - tagBytes, { isReused: true })
  let segment = 0
  return {
    header,
    *add(plaintext) {
      for (const piece of cutter.add(plaintext)) yield* cipher.seal(segment++, false, piece)
    },
    end: () => cipher.seal(segment, true, cutter.rest()),
  }
}
