import { sql } from 'kysely'
import type { RosterTransaction } from '../rosterTransaction.ts'
import { stagedTableNames, stagedTables } from './stagedTables.ts'

/** Makes the tables, empty. `until` says how long they stay: as long as the connection, or the transaction. */
export const createStagedTables = async ({ db }: Pick<RosterTransaction, 'db'>, until: 'connection' | 'transaction'): Promise<void> => {
  for (const table of stagedTableNames)
    await sql`create temporary table ${sql.table(table)} (${sql.raw(stagedTables[table].join(', '))})
      on commit ${sql.raw(until === 'connection' ? 'preserve rows' : 'drop')}`.execute(db)
}
