import type { FeedVersion } from '../../domain/roster/feedFiles.ts'
import { toCsvLine } from '../../domain/roster/toCsvLine.ts'
import { toManifestRows } from '../../domain/roster/toManifestRows.ts'
import { makeZip } from '../corpus/makeZip.ts'
import type { FeedTables } from './toFeedTables.ts'

/** The lines of a CSV file. */
export const toCsv = (rows: readonly (readonly string[])[]): string => rows.map(toCsvLine).join('')

/** A feed as one zip. */
export const packFeed = (tables: FeedTables, version: FeedVersion, mode: 'bulk' | 'delta' = 'bulk'): Promise<Buffer> => {
  const modes = Object.fromEntries(Object.keys(tables).map((file) => [file, mode]))
  return makeZip([
    { path: 'manifest.csv', content: toCsv(toManifestRows(modes, version)) },
    ...Object.entries(tables).map(([file, rows]) => ({ path: `${file}.csv`, content: toCsv(rows) })),
  ])
}
