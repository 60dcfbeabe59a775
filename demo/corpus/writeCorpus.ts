import { createHash } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { CorpusFile } from './corpusFile.ts'

/** A file of the corpus as it lies on disk, ready to be sent. */
export type WrittenFile = CorpusFile & { path: string; bytes: number; sha256: string }

/**
 * Makes the files in `folder`, which is emptied first. Names on disk are numbers: the corpus has names
 * that no file system would take.
 */
export const writeCorpus = async (files: readonly CorpusFile[], folder: string): Promise<WrittenFile[]> => {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const written: WrittenFile[] = []
  for (const [index, file] of files.entries()) {
    const content = await file.make()
    const path = join(folder, String(index + 1).padStart(3, '0'))
    await writeFile(path, content)
    written.push({ ...file, path, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') })
  }
  return written
}
