import { sql } from 'kysely'
import type { RosterTransaction } from '../rosterTransaction.ts'
import { diffRemovals, findAdded, resolve } from './diffTable.ts'
import { districtDay } from './diffPlaces.ts'

/**
 * Compares enrollments. Those that are new or other are gathered in `wanted_enrollments`: an interval that changes is closed, and the next one has an id
 * of its own. One that holds today and would not any more is a loss like one that is gone.
 */
export const diffEnrollments = async (tx: RosterTransaction, mode: 'bulk' | 'delta' | undefined): Promise<void> => {
  await gatherEnrollments(tx, mode === 'bulk')
  if (mode === undefined) return
  const { db } = tx
  await sql`
    insert into diff (subject, id, sourced_id, change, reason, file, line, is_loss)
    select 'enrollment', coalesce(w.old_id, w.id), w.sourced_id, case when w.old_id is null then 'added' else 'changed' end, 'in-feed', 'enrollments.csv', w.line, w.is_loss
    from wanted_enrollments w where not w.is_absent`.execute(db)
  const of = { subject: 'enrollment', staged: 'staged_enrollments', file: 'enrollments', table: 'enrollments' } as const
  const absent = sql`(select ${tx.districtId}::uuid as district_id, old_id as id, sourced_id from wanted_enrollments where is_absent) r where true`
  await diffRemovals(tx, mode, { ...of, isThere: sql`r.until_version is null`, before: sql`null::jsonb`, isLoss: true, absent })
  await sql`delete from wanted_enrollments where is_absent`.execute(db)
}

/**
 * In `wanted_enrollments` those that are new or other, and of a bulk (`isWhole`) beside them, as `is_absent`, those of the roster that it does not name: a
 * million are held against a million once, and not once for each question.
 */
const gatherEnrollments = async (tx: RosterTransaction, isWhole: boolean): Promise<void> => {
  const { db, districtId } = tx
  const feedAdds = await findAdded(tx)
  const user = resolve(districtId, { subject: 'user', table: 'users', as: 'person', reference: sql`s.user_sourced_id` }, feedAdds)
  const section = resolve(
    districtId,
    { subject: 'section', table: 'sections', as: 'section', reference: sql`s.section_sourced_id` },
    feedAdds,
  )
  const there = sql`(select * from enrollments where district_id = ${districtId} and until_version is null)`
  await sql`
    create temporary table wanted_enrollments on commit drop as
    select uuidv7() as id, r.id as old_id, coalesce(s.sourced_id, r.sourced_id) as sourced_id, ${user.id} as user_id, ${section.id} as section_id,
      s.role, s.begins, s.ends, s.line, s.sourced_id is null as is_absent,
      r.id is not null and (r.begins is null or r.begins <= today.day) and (r.ends is null or today.day < r.ends)
        and not ((s.begins is null or s.begins <= today.day) and (s.ends is null or today.day < s.ends)) as is_loss
    from staged_enrollments s
    ${isWhole ? sql`full` : sql`left`} join ${there} r on r.sourced_id = s.sourced_id
    ${user.joins}
    ${section.joins}
    cross join (select ${districtDay(districtId)} as day) today
    where s.sourced_id is null or ${user.id} is not null and ${section.id} is not null
      and (r.id is null or (r.user_id, r.section_id, r.role, r.begins, r.ends) is distinct from (${user.id}, ${section.id}, s.role, s.begins, s.ends))`.execute(
    db,
  )
}
