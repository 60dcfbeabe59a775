import { createStreamSealer } from '../../crypto/tinkStreamSealer.ts'
import { giveBack } from './giveBack.ts'
import { spoolAssociatedData, type Spool } from './openSpool.ts'

/** Seals what it is given into a spool, in order. Holds one segment. A disk that is full is an error of `write`, and so an outage. */
export type SpoolWriter = {
  write(chunk: Buffer): Promise<void>
  /** Nothing may be read before this. */
  end(): Promise<void>
}

export const createSpoolWriter = ({ handle, key }: Spool): SpoolWriter => {
  const sealer = createStreamSealer(key, spoolAssociatedData)
  let isStarted = false
  const append = async (sealed: Iterable<Buffer>): Promise<void> => {
    if (!isStarted) {
      isStarted = true
      await handle.appendFile(sealer.header)
    }
    for (const part of sealed) {
      await handle.appendFile(part)
      giveBack(part)
    }
  }
  return { write: (chunk) => append(sealer.add(chunk)), end: () => append(sealer.end()) }
}
