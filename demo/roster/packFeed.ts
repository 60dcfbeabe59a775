import type { FeedVersion } from '../../domain/roster/feedFiles.ts'
import { makeZip } from '../corpus/makeZip.ts'
import type { FeedTables } from './toFeedTables.ts'

const toCell = (value: string): string => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)

/** CSV by RFC 4180: cells quoted where they must be, CR LF at the end of every line. */
export const toCsv = (rows: readonly (readonly string[])[]): string => rows.map((row) => `${row.map(toCell).join(',')}\r\n`).join('')

/** A manifest that names these files. */
export const toManifest = (files: Readonly<Record<string, string>>, version: FeedVersion): string[][] => [
  ['propertyName', 'value'],
  ['manifest.version', '1.0'],
  ['oneroster.version', version],
  ...Object.entries(files).map(([file, mode]) => [`file.${file}`, mode]),
]

/** A feed as one zip. */
export const packFeed = (tables: FeedTables, version: FeedVersion, mode: 'bulk' | 'delta' = 'bulk'): Promise<Buffer> => {
  const modes = Object.fromEntries(Object.keys(tables).map((file) => [file, mode]))
  return makeZip([
    { path: 'manifest.csv', content: toCsv(toManifest(modes, version)) },
    ...Object.entries(tables).map(([file, rows]) => ({ path: `${file}.csv`, content: toCsv(rows) })),
  ])
}
