import { randomUUID } from 'node:crypto'
import { open, unlink, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'

/** A file that only this process has, while it has it open: whatever becomes of the process, nothing of it is left. `path` opens it a second time. */
export type NamelessFile = { handle: FileHandle; path: string; close(): Promise<void> }

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
  return { handle, path: `/dev/fd/${handle.fd}`, close: () => handle.close() }
}
