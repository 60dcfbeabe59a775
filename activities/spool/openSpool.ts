import { randomBytes, randomUUID } from 'node:crypto'
import { open, unlink, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * A file of this process alone, for one upload while it is looked at: it has no name, and what is written to it is sealed under a key that
 * is nowhere else, so that neither a crash nor a copy of the disk leaves user content behind.
 */
export type Spool = {
  readonly handle: FileHandle
  readonly key: Buffer
  /** Gives the room back and forgets the key. Nobody may be reading it. */
  close(): Promise<void>
}

/** A spool is nobody else's, so it is bound to nothing but its key. */
export const spoolAssociatedData = Buffer.alloc(0)

/** Opens a file without a name in `folder`. A kill between its two steps leaves an empty file. */
export const openSpool = async (folder: string): Promise<Spool> => {
  const path = join(folder, `hallpass-spool-${randomUUID()}`)
  const handle = await open(path, 'wx+', 0o600)
  try {
    await unlink(path)
  } catch (error) {
    await handle.close()
    throw error
  }
  return toSpool(handle)
}

/** The open file, under a fresh key. */
export const toSpool = (handle: FileHandle): Spool => {
  const key = randomBytes(32)
  const close = async (): Promise<void> => {
    key.fill(0)
    await handle.close()
  }
  return { handle, key, close }
}
