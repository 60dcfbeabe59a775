import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import { findRows } from '../../rows.ts'
import type { RosterTransaction } from '../rosterTransaction.ts'
import { stagedIds, type StagedTable } from '../staging/stagedTables.ts'

/** Each staged table, the file whose lines it holds, and the column with the id that those lines speak of. */
const speaking: readonly (readonly [StagedTable, RawBuilder<unknown>, string])[] = [
  ...stagedIds.map(([table, file]) => [table, sql`${file}::text`, 'sourced_id'] as const),
  ['staged_section_terms', sql`'classes'`, 'section_sourced_id'],
  ['staged_agents', sql`'users'`, 'user_sourced_id'],
  ['staged_roles', sql`staged_roles.file`, 'sourced_id'],
  ['staged_removals', sql`staged_removals.file`, 'sourced_id'],
]

/**
 * Takes out of staging whatever a newer source has spoken of: a whole file where a bulk of it was newer, and single ids that a delta or an event named
 * later, removals included, so that an older feed never brings back what a newer one removed. Their ids stay in `newer`: a bulk that lacks them
 * may not remove them either. Then lets removals win over every other row of the same id. Answers the files that are left.
 */
export const dropOlder = async (tx: RosterTransaction, sourceAt: Date): Promise<ReadonlyMap<string, 'bulk' | 'delta'>> => {
  const { db, districtId } = tx
  const at = sourceAt.toISOString()
  await sql`
    delete from staged_files f using roster_watermarks w
    where w.district_id = ${districtId} and w.file = f.file and w.bulk_at > ${at}::timestamptz`.execute(db)
  await sql`
    create temporary table newer on commit drop as
    select file, sourced_id from roster_sources where district_id = ${districtId} and source_at > ${at}::timestamptz`.execute(db)
  for (const [table, file, id] of speaking) {
    await sql`delete from ${sql.table(table)} where not exists (select 1 from staged_files f where f.file = ${file})`.execute(db)
    await dropNamed(tx, table, sql`newer`, { file, id })
    if (table !== 'staged_removals') await dropNamed(tx, table, sql`staged_removals`, { file, id })
  }
  // What an event says of a person says what they are, too.
  await dropNamed(tx, 'staged_roles', sql`newer`, { file: sql`'users'`, id: 'user_sourced_id' })
  return new Map(
    (await findRows(db, sql<{ file: string; mode: 'bulk' | 'delta' }>`select file, mode from staged_files`)).map((row) => [
      row.file,
      row.mode,
    ]),
  )
}

const dropNamed = async (
  { db }: RosterTransaction,
  table: StagedTable,
  by: RawBuilder<unknown>,
  { file, id }: { file: RawBuilder<unknown>; id: string },
): Promise<void> => {
  await sql`delete from ${sql.table(table)} using ${by} named where named.file = ${file} and named.sourced_id = ${sql.ref(`${table}.${id}`)}`.execute(
    db,
  )
}
