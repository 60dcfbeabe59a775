import { Readable } from 'node:stream'
import { ZipFile } from 'yazl'
import type { FeedVersion, TakenFile } from '../../domain/roster/feedFiles.ts'
import { toCsvLine } from '../../domain/roster/toCsvLine.ts'
import { toManifestRows } from '../../domain/roster/toManifestRows.ts'

/** `rows` begins with the header. It is asked for when its turn comes, after all rows of the tables before were taken. */
export type FeedTable = { file: TakenFile; rows: () => AsyncIterable<readonly string[]> }

const charactersAtOnce = 65_536

async function* toCsvChunks(rows: AsyncIterable<readonly string[]>): AsyncGenerator<string> {
  let waiting = ''
  for await (const row of rows) {
    waiting += toCsvLine(row)
    if (waiting.length < charactersAtOnce) continue
    yield waiting
    waiting = ''
  }
  if (waiting !== '') yield waiting
}

/**
 * An ordinary OneRoster package as a stream of bytes, made while it is read: what is held is a piece of one file. Fails with what a table fails
 * with, and is then no zip.
 */
export const writeFeed = (tables: readonly FeedTable[], { version, mode }: { version: FeedVersion; mode: 'bulk' | 'delta' }): Readable => {
  const zip = new ZipFile()
  const output = zip.outputStream as Readable
  const fail = (error: unknown): void => void output.destroy(error instanceof Error ? error : new Error('the feed could not be written'))
  // Tables are read before anybody reads the package: one that fails meanwhile is told to whoever reads it then, and ends no process.
  output.on('error', () => undefined)
  // One for each file waits for its end.
  output.setMaxListeners(tables.length + 10)
  zip.on('error', fail)
  const manifest = toManifestRows(Object.fromEntries(tables.map(({ file }) => [file, mode])), version)
  zip.addBuffer(Buffer.from(manifest.map(toCsvLine).join('')), 'manifest.csv')
  for (const { file, rows } of tables)
    zip.addReadStreamLazy(`${file}.csv`, (take) => {
      const source = Readable.from(toCsvChunks(rows()), { objectMode: false })
      source.on('error', fail)
      // Whoever stops reading the package stops what is read for it.
      output.on('close', () => source.destroy())
      take(null, source)
    })
  zip.end()
  return output
}
