import { sql } from 'kysely'
import type { RosterTransaction } from '../rosterTransaction.ts'
import type { StagedRow } from './stageRow.ts'
import { columnNamesOf, stagedTables, type StagedTable, type StagedValue } from './stagedTables.ts'

/** Puts a few rows into staging: an event's. A feed's are copied (`openStaging`). */
export const insertRows = async ({ db }: Pick<RosterTransaction, 'db'>, rows: readonly StagedRow[]): Promise<void> => {
  for (const table of new Set(rows.map((row) => row.table))) {
    const records = rows.filter((row) => row.table === table).map(({ values }) => toRecord(table, values))
    const columns = sql.join(columnNamesOf(table).map((name) => sql.ref(name)))
    await sql`
      insert into ${sql.table(table)} (${columns})
      select ${columns} from jsonb_to_recordset(${JSON.stringify(records)}::jsonb) as row(${sql.raw(stagedTables[table].join(', '))})`.execute(
      db,
    )
  }
}

const toRecord = (table: StagedTable, values: readonly StagedValue[]): Record<string, StagedValue | undefined> =>
  Object.fromEntries(columnNamesOf(table).map((name, index) => [name, values[index]]))
