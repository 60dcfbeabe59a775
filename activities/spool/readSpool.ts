import type { Readable } from 'node:stream'
import { decryptRange } from '../../crypto/tinkStreamRange.ts'
import { ciphertextBytes } from '../../crypto/tinkStreamFormat.ts'
import { spoolAssociatedData, type Spool } from './openSpool.ts'

/** The `bytes` bytes that were sealed into the spool, at least one, from the first to the last. Fails with StreamUnreadable when they are not those. */
export const readSpool = ({ handle, key }: Spool, bytes: number): Readable =>
  decryptRange(
    {
      key,
      associatedData: spoolAssociatedData,
      ciphertextBytes: ciphertextBytes(bytes),
      readCiphertext: async ({ first, last }) => handle.createReadStream({ start: first, end: last, autoClose: false }),
    },
    { first: 0, last: bytes - 1 },
  )
