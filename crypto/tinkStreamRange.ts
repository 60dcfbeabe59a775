import { Readable } from 'node:stream'
import type { ByteRange } from '../domain/ports.ts'
import { createSegmentCutter } from './segmentCutter.ts'
import {
  deriveSegmentCipher,
  fullSegmentBytes,
  headerBytes,
  locateOffset,
  plaintextBytes,
  segmentBytes,
  StreamUnreadable,
} from './tinkStreamFormat.ts'

export type EncryptedObject = {
  /** 32 bytes. */
  key: Buffer
  associatedData: Buffer
  /** The size of the whole ciphertext, from a source that is trusted (the database, not the store): it says which segment is the last. */
  ciphertextBytes: number
  /** Opens the ciphertext at inclusive offsets, as in RFC 9110 `Range`. The signal fires when the reader goes away. */
  readCiphertext(range: ByteRange, signal: AbortSignal): Promise<Readable>
}

/**
 * Decrypts a range of an encrypted object, reading only its header and the segments that hold the range. No byte comes out before the
 * tag of its segment is verified, at its place. An object that is shorter or longer than it should be fails when a reader gets there.
 * Fails with StreamUnreadable when anything differs.
 * @throws RangeError when the range is empty or not inside the plaintext. StreamUnreadable when no ciphertext has this size.
 */
export const decryptRange = (object: EncryptedObject, range: ByteRange): Readable => {
  const size = plaintextBytes(object.ciphertextBytes)
  if (
    !Number.isSafeInteger(range.first) ||
    !Number.isSafeInteger(range.last) ||
    range.first < 0 ||
    range.last < range.first ||
    range.last >= size
  ) {
    throw new RangeError('the range is not inside the object')
  }
  const gone = new AbortController()
  const segments = decryptSegments(object, range, gone.signal)
  // Not Readable.from: its destroy waits for the generator, and so for a store that has stalled.
  const readable = new Readable({
    highWaterMark: segmentBytes,
    read() {
      segments.next().then(
        (next) => readable.push(next.done ? null : next.value),
        (error: Error) => readable.destroy(error),
      )
    },
    destroy(error, done) {
      gone.abort()
      done(error)
    },
  })
  return readable
}

async function* decryptSegments(object: EncryptedObject, range: ByteRange, signal: AbortSignal): AsyncGenerator<Buffer> {
  const [from, to] = [locateOffset(range.first), locateOffset(range.last)]
  const lastSegment = Math.ceil(object.ciphertextBytes / segmentBytes) - 1
  const last = Math.min((to.segment + 1) * segmentBytes, object.ciphertextBytes) - 1
  // The first segment follows its header, so the two are one read.
  const header = from.segment === 0 ? [] : await collect(readExactly(object, { first: 0, last: headerBytes - 1 }, signal))
  const pieces = cutPieces(readExactly(object, { first: from.segment * segmentBytes, last }, signal), from.segment)
  let cipher = from.segment === 0 ? undefined : deriveSegmentCipher(object.key, object.associatedData, Buffer.concat(header))
  let segment = from.segment
  for await (const piece of pieces) {
    if (!cipher) {
      cipher = deriveSegmentCipher(object.key, object.associatedData, piece)
      continue
    }
    const plaintext = cipher.open(segment, segment === lastSegment, piece)
    const start = segment === from.segment ? from.within : 0
    const end = segment === to.segment ? to.within + 1 : plaintext.length
    yield plaintext.subarray(start, end)
    segment += 1
  }
}

/** The header, when it is there, then segment by segment. */
async function* cutPieces(chunks: AsyncIterable<Buffer>, firstSegment: number): AsyncGenerator<Buffer> {
  const sizeOf = (piece: number): number => {
    if (firstSegment > 0) return fullSegmentBytes(firstSegment + piece)
    return piece === 0 ? headerBytes : fullSegmentBytes(piece - 1)
  }
  const cutter = createSegmentCutter(sizeOf)
  for await (const chunk of chunks) yield* cutter.add(chunk)
  yield cutter.rest()
}

/** Fails unless the store gives exactly what was asked for. Closes the store's stream in every case, also when the reader goes away. */
async function* readExactly(object: EncryptedObject, range: ByteRange, signal: AbortSignal): AsyncGenerator<Buffer> {
  const source = await object.readCiphertext(range, signal)
  const close = (): void => void source.destroy()
  // The loop below sees every error that matters; one that comes after closing must not end the process.
  source.on('error', () => undefined)
  if (signal.aborted) {
    close()
    throw signal.reason
  }
  signal.addEventListener('abort', close, { once: true })
  try {
    let missing = range.last - range.first + 1
    for await (const chunk of source as AsyncIterable<Buffer>) {
      missing -= chunk.length
      if (missing < 0) throw new StreamUnreadable('the store gave more than was asked for')
      yield chunk
    }
    if (missing > 0) throw new StreamUnreadable('cut short')
  } finally {
    signal.removeEventListener('abort', close)
    close()
  }
}

const collect = async (chunks: AsyncIterable<Buffer>): Promise<Buffer[]> => {
  const collected: Buffer[] = []
  for await (const chunk of chunks) collected.push(chunk)
  return collected
}
