import { randomUUID } from 'node:crypto'
import { createReadStream, read } from 'node:fs'
import { open, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'

/** A file that only this process has, while it has it open: whatever becomes of the process, nothing of it is left. */
export type NamelessFile = {
  /** Opens it a second time. */
  path: string
  append(content: string | Readable): Promise<void>
  /** From its first byte. */
  read(): Readable
  /** Whoever reads must be through. */
  close(): Promise<void>
}

/** A stream that is destroyed closes its descriptor, `autoClose` or not; this one is the handle's, and closed once: by then its number may be another file's. */
const onlyReading = { read, close: (_fd: number, done: (error: null) => void): void => done(null) }

/** Opens one in `folder`. A kill between its two steps leaves an empty file. */
export const openNamelessFile = async (folder: string): Promise<NamelessFile> => {
  const name = join(folder, `hallpass-roster-${randomUUID()}`)
  const handle = await open(name, 'wx+', 0o600)
  try {
    await unlink(name)
  } catch (error) {
    await handle.close()
    throw error
  }
  const { fd } = handle
  return {
    path: `/dev/fd/${fd}`,
    append: (content) => handle.appendFile(content),
    // Of the descriptor: a handle waits with its closing for its own streams, and one that leaves it open never says that it is through.
    read: () => createReadStream('', { fd, start: 0, autoClose: false, fs: onlyReading }),
    close: () => handle.close(),
  }
}
