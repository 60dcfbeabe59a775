import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { finished } from 'node:stream/promises'

/** Rows of cells that wait on disk for their turn, under a key that only this process has in memory. */
export type SealedSpill = {
  add(row: readonly string[]): Promise<void>
  /** All of them, once, after the last was added. */
  read(): AsyncGenerator<string[]>
  remove(): Promise<void>
}

export const createSealedSpill = async (folder: string): Promise<SealedSpill> => {
  const place = await mkdtemp(join(folder, 'hallpass-pull-'))
  const path = join(place, 'rows')
  const [key, counter] = [randomBytes(32), randomBytes(16)]
  const cipher = createCipheriv('aes-256-ctr', key, counter)
  const file = cipher.pipe(createWriteStream(path, { mode: 0o600 }))
  const written = finished(file)
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
      const source = createReadStream(path)
      source.on('error', (error) => decipher.destroy(error))
      for await (const line of createInterface({ input: source.pipe(decipher), crlfDelay: Infinity })) yield JSON.parse(line) as string[]
    },
    remove: async () => {
      cipher.destroy()
      file.destroy()
      key.fill(0)
      await rm(place, { recursive: true, force: true })
    },
  }
}
