import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { columnNamesOf, type StagedTable, type StagedValue } from './stagedTables.ts'

/** What the text format of COPY gives a meaning to. Source: PostgreSQL documentation, COPY, "Text Format". */
const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }

const toField = (value: StagedValue): string => {
  if (value === null) return '\\N'
  if (typeof value === 'boolean') return value ? 't' : 'f'
  return typeof value === 'number' ? String(value) : value.replace(/[\\\t\n\r]/g, (character) => escapes[character] ?? character)
}

/** A line of the text format. */
export const toCopyLine = (values: readonly StagedValue[]): string => `${values.map(toField).join('\t')}\n`

/** Copies lines of the text format into their staging tables, table by table. */
export const copyRows = async (client: pg.ClientBase, lines: ReadonlyMap<StagedTable, string>): Promise<void> => {
  for (const [table, text] of lines)
    await pipeline(
      Readable.from([Buffer.from(text, 'utf8')]),
      client.query(copyFrom(`copy ${table} (${columnNamesOf(table).join(', ')}) from stdin`)),
    )
}
