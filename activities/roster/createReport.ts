import type { Readable } from 'node:stream'
import { openNamelessFile } from '../../clients/openNamelessFile.ts'

/** Lines that are gathered while a feed is read, and stored afterwards. */
export type Report = {
  add(lines: readonly string[]): Promise<void>
  /** How many lines there are, the header not counted. */
  readonly count: number
  /** All of it, from the header on. */
  read(): Promise<Readable>
  close(): Promise<void>
}

const charactersAtOnce = 65_536

export const createReport = async (folder: string, header: string): Promise<Report> => {
  const file = await openNamelessFile(folder)
  let waiting = `${header}\r\n`
  let count = 0
  const flush = async (): Promise<void> => {
    const text = waiting
    waiting = ''
    await file.append(text)
  }
  return {
    add: async (lines) => {
      for (const line of lines) waiting += `${line}\r\n`
      count += lines.length
      if (waiting.length >= charactersAtOnce) await flush()
    },
    get count() {
      return count
    },
    read: async () => {
      await flush()
      return file.read()
    },
    close: () => file.close(),
  }
}
