import { openAsBlob } from 'node:fs'
import { Refused } from '../refused.ts'

/** A feed on the disk, of which nothing is read until it is sent. @throws Refused */
export const openFeedFile = async (path: string): Promise<Blob> => {
  try {
    return await openAsBlob(path, { type: 'application/zip' })
  } catch {
    throw new Refused('the feed could not be opened\n  mend: see that it is there, and that this account may read it')
  }
}
