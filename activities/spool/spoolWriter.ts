import { createStreamSealer } from '../../crypto/tinkStreamSealer.ts'
import { giveBack } from './giveBack.ts'
import { spoolAssociatedData, type Spool } from './openSpool.ts'

/** The disk took a part of what was written. */
export class SpoolFull extends Error {
  override readonly name = 'SpoolFull'
}

/** Seals what it is given into a spool, in order. Holds one segment. A disk that is full is an error of `write`, and so an outage. */
export type SpoolWriter = {
  write(chunk: Buffer): Promise<void>
  /** Nothing may be read before this. */
  end(): Promise<void>
}

export const createSpoolWriter = ({ handle, key }: Spool): SpoolWriter => {
  const sealer = createStreamSealer(key, spoolAssociatedData)
  let end = 0
  const append = async (sealed: Iterable<Buffer>): Promise<void> => {
    const parts = end === 0 ? [sealer.header, ...sealed] : [...sealed]
    if (parts.length === 0) return
    const bytes = parts.reduce((sum, part) => sum + part.length, 0)
    const { bytesWritten } = await handle.writev(parts, end)
    if (bytesWritten !== bytes) throw new SpoolFull()
    end += bytes
    parts.forEach(giveBack)
  }
  return { write: (chunk) => append(sealer.add(chunk)), end: () => append(sealer.end()) }
}
