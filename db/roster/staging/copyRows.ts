import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { columnNamesOf, type StagedTable, type StagedValue } from './stagedTables.ts'

/** What the text format of COPY gives a meaning to. Source: PostgreSQL documentation, COPY, "Text Format". */
const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }

const special = /[\\\t\n\r]/
const specials = /[\\\t\n\r]/g

const toField = (value: StagedValue): string => {
  if (value === null) return '\\N'
  if (typeof value === 'boolean') return value ? 't' : 'f'
  if (typeof value === 'number') return String(value)
  return special.test(value) ? value.replace(specials, (character) => escapes[character] ?? character) : value
}

/** A line of the text format. */
export const toCopyLine = (values: readonly StagedValue[]): string => {
  let line = ''
  for (let at = 0; at < values.length; at += 1) line += (at === 0 ? '' : '\t') + toField(values[at] ?? null)
  return `${line}\n`
}

/** Copies lines of the text format into their staging tables, table by table. Once it is done, the bytes may be others. */
export const copyRows = async (client: pg.ClientBase, lines: ReadonlyMap<StagedTable, Buffer>): Promise<void> => {
  for (const [table, bytes] of lines)
    await pipeline(Readable.from([bytes]), client.query(copyFrom(`copy ${table} (${columnNamesOf(table).join(', ')}) from stdin`)))
}
