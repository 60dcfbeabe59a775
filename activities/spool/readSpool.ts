import { Readable } from 'node:stream'
import type { FileHandle } from 'node:fs/promises'
import { ciphertextBytes, deriveSegmentCipher, headerBytes, segmentBytes, StreamUnreadable } from '../../crypto/tinkStreamFormat.ts'
import { spoolAssociatedData, type Spool } from './openSpool.ts'

/**
 * The `bytes` bytes that were sealed into the spool, at least one, from the first to the last, as often as it is asked.
 * Fails with StreamUnreadable when they are not those.
 */
export const readSpool = (spool: Spool, bytes: number): Readable =>
  Readable.from(openSegments(spool, ciphertextBytes(bytes)), { objectMode: false, highWaterMark: segmentBytes })

/** Not the handle's own stream, which closes it when it is destroyed. */
async function* openSegments({ handle, key }: Spool, sealedBytes: number): AsyncGenerator<Buffer> {
  const cipher = deriveSegmentCipher(key, spoolAssociatedData, await readExactly(handle, Buffer.alloc(headerBytes), 0))
  const last = Math.ceil(sealedBytes / segmentBytes) - 1
  const sealed = Buffer.allocUnsafe(segmentBytes)
  for (let segment = 0; segment <= last; segment += 1) {
    const start = segment === 0 ? headerBytes : segment * segmentBytes
    const end = Math.min((segment + 1) * segmentBytes, sealedBytes)
    yield cipher.open(segment, segment === last, await readExactly(handle, sealed.subarray(0, end - start), start))
  }
}

/** Fills all of `into`, which it answers. */
const readExactly = async (handle: FileHandle, into: Buffer, start: number): Promise<Buffer> => {
  for (let filled = 0; filled < into.length;) {
    const { bytesRead } = await handle.read(into, filled, into.length - filled, start + filled)
    if (bytesRead === 0) throw new StreamUnreadable('cut short')
    filled += bytesRead
  }
  return into
}
