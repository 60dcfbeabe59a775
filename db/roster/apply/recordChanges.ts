import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import { toFacts } from '../diff/facts.ts'
import type { RosterTransaction } from '../rosterTransaction.ts'

const record = (rows: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  insert into roster_changes (district_id, version, subject, subject_id, change, reason, file, line, before, after) ${rows}`

/** Keeps what changed and why, by which line: an interval that was closed for another has a row of its own beside the one that follows it. */
export const recordChanges = async ({ db, districtId }: RosterTransaction, version: number): Promise<void> => {
  const of = sql`select ${districtId}::uuid, ${version}::bigint`
  for (const [subject, table] of [
    ['user', 'users'],
    ['term', 'terms'],
    ['section', 'sections'],
  ] as const)
    await record(sql`
      ${of}, d.subject, d.id, d.change, d.reason, d.file, d.line, d.before, case when d.change in ('added', 'changed', 'removed') then ${toFacts(subject, 'r')} end
      from diff d join ${sql.table(table)} r on r.district_id = ${districtId} and r.id = d.id
      where d.subject = ${subject}`).execute(db)
  await record(sql`
    ${of}, subject, id, change, reason, file, line, null::jsonb, null::jsonb from diff
    where subject in ('school', 'course', 'org-role', 'enrollment', 'guardianship')`).execute(db)
  await record(sql`
    ${of}, 'enrollment', id, 'changed', 'in-feed', 'enrollments.csv', line, null::jsonb, null::jsonb from wanted_enrollments where old_id is not null
    union all
    ${of}, 'guardianship', id, 'changed', 'links-changed', 'users.csv', line, null::jsonb, null::jsonb from wanted_guardianships where old_id is not null`).execute(
    db,
  )
}
