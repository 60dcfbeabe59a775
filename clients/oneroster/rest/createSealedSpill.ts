import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { openNamelessFile } from '../../openNamelessFile.ts'

/**
 * Rows of cells that wait on disk for their turn, under a key that only this process has in memory, in a file without a name: a process that is killed leaves
 * nothing of it.
 */
export type SealedSpill = {
  add(row: readonly string[]): Promise<void>
  /** All of them, once, after the last was added. */
  read(): AsyncGenerator<string[]>
  remove(): Promise<void>
}

export const createSealedSpill = async (folder: string): Promise<SealedSpill> => {
  const file = await openNamelessFile(folder)
  const [key, counter] = [randomBytes(32), randomBytes(16)]
  const cipher = createCipheriv('aes-256-ctr', key, counter)
  const written = file.append(cipher)
  // Whoever reads hears of it.
  written.catch(() => undefined)
  return {
    add: async (row) => {
      if (cipher.write(`${JSON.stringify(row)}\n`)) return
      await Promise.race([new Promise((resolve) => cipher.once('drain', resolve)), written])
    },
    async *read() {
      cipher.end()
      await written
      const decipher = createDecipheriv('aes-256-ctr', key, counter)
      const source = file.read()
      source.on('error', (error) => decipher.destroy(error))
      const closed = once(source, 'close')
      try {
        for await (const line of createInterface({ input: source.pipe(decipher), crlfDelay: Infinity })) yield JSON.parse(line) as string[]
      } finally {
        // Whoever stops in its middle: nobody reads a file that is closed.
        source.destroy()
        await closed.catch(() => undefined)
      }
    },
    remove: async () => {
      cipher.destroy()
      await written.catch(() => undefined)
      key.fill(0)
      await file.close()
    },
  }
}
