import { sql } from 'kysely'
import type { RosterTransaction } from '../rosterTransaction.ts'
import { stagedTableNames, stagedTables } from './stagedTables.ts'

/** Makes the tables, empty. `until` says how long they stay: as long as the connection, or the transaction. */
export const createStagedTables = async ({ db }: Pick<RosterTransaction, 'db'>, until: 'connection' | 'transaction'): Promise<void> => {
  const statements = stagedTableNames.map(
    (table) =>
      `create temporary table ${table} (${stagedTables[table].join(', ')}) on commit ${until === 'connection' ? 'preserve rows' : 'drop'}`,
  )
  // One message: an event makes them anew, and its sender waits.
  await sql`${sql.raw(statements.join(';\n'))}`.execute(db)
}
