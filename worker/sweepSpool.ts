import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** What files are called that lose their name as soon as they are open (`clients/openNamelessFile.ts`, `activities/spool/openSpool.ts`). */
const isSpooled = (name: string): boolean => /^hallpass-(roster|spool)-/.test(name)
/** A thousand times as long as such a name is there. */
const leftAfterMs = 60_000

/**
 * Removes the names that killed processes left in `folder`, each of an empty file: they died between its opening and its unlinking. Those of processes that
 * live are younger. Answers how many there were.
 */
export const sweepSpool = async (folder: string, olderThanMs = leftAfterMs): Promise<number> => {
  let swept = 0
  for (const name of (await readdir(folder)).filter(isSpooled)) {
    const path = join(folder, name)
    const found = await stat(path).catch(() => null)
    if (found === null || Date.now() - found.mtimeMs < olderThanMs) continue
    await rm(path, { force: true })
    swept += 1
  }
  return swept
}
