import { Readable } from 'node:stream'
import { decryptRange } from '../../crypto/tinkStreamRange.ts'
import { ciphertextBytes, segmentBytes } from '../../crypto/tinkStreamFormat.ts'
import type { ByteRange } from '../../domain/ports.ts'
import { spoolAssociatedData, type Spool } from './openSpool.ts'

/**
 * The `bytes` bytes that were sealed into the spool, at least one, from the first to the last, as often as it is asked.
 * Fails with StreamUnreadable when they are not those.
 */
export const readSpool = (spool: Spool, bytes: number): Readable =>
  decryptRange(
    {
      key: spool.key,
      associatedData: spoolAssociatedData,
      ciphertextBytes: ciphertextBytes(bytes),
      readCiphertext: async (range) => Readable.from(readPieces(spool, range)),
    },
    { first: 0, last: bytes - 1 },
  )

/** Not the handle's own stream, which closes it when it is destroyed. */
async function* readPieces({ handle }: Spool, { first, last }: ByteRange): AsyncGenerator<Buffer> {
  for (let at = first; at <= last;) {
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(Math.min(segmentBytes, last - at + 1)), { position: at })
    // The reader counts, and says that it is cut short.
    if (bytesRead === 0) return
    yield buffer.subarray(0, bytesRead)
    at += bytesRead
  }
}
