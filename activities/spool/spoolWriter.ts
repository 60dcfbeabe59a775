import { createStreamSealer } from '../../crypto/tinkStreamSealer.ts'
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
  const start = async (): Promise<void> => {
    isStarted = true
    await handle.appendFile(sealer.header)
  }
  return {
    write: async (chunk) => {
      if (!isStarted) await start()
      for (const sealed of sealer.add(chunk)) await handle.appendFile(sealed)
    },
    end: async () => {
      if (!isStarted) await start()
      await handle.appendFile(sealer.end())
    },
  }
}
