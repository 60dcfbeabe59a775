import { sql } from 'kysely'
import type { RosterTransaction } from '../rosterTransaction.ts'
import { stagedIds } from '../staging/stagedTables.ts'

/**
 * Remembers how new what is known now is. A bulk speaks for every id of its file, so one moment stands for all of them; a delta and an event speak for
 * the ids that they name.
 */
export const keepSources = async ({ db, districtId }: RosterTransaction, sourceAt: Date): Promise<void> => {
  const at = sourceAt.toISOString()
  await sql`
    insert into roster_watermarks (district_id, file, bulk_at)
    select ${districtId}::uuid, file, ${at}::timestamptz from staged_files where mode = 'bulk'
    on conflict (district_id, file) do update set bulk_at = excluded.bulk_at`.execute(db)
  await sql`
    delete from roster_sources s using staged_files f
    where s.district_id = ${districtId} and f.mode = 'bulk' and (s.file = f.file or f.file = 'users' and s.file = 'guardianships')
      and s.source_at <= ${at}::timestamptz`.execute(db)
  for (const [table, file] of [...stagedIds, ['staged_roles', 'roles'], ['staged_removals', null]] as const)
    await sql`
      insert into roster_sources (district_id, file, sourced_id, source_at)
      select distinct ${districtId}::uuid, f.file, s.sourced_id, ${at}::timestamptz
      from ${sql.table(table)} s join staged_files f on f.file = ${file === null ? sql`s.file` : sql`${file}::text`}
      where f.mode = 'delta' and ${table === 'staged_roles' ? sql`s.file = 'roles'` : sql`true`}
      on conflict (district_id, file, sourced_id) do update set source_at = excluded.source_at`.execute(db)
}
