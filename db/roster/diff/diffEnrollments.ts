import { sql } from 'kysely'
import type { RosterTransaction } from '../rosterTransaction.ts'
import { diffRemovals, resolve } from './diffTable.ts'
import { districtDay } from './diffPlaces.ts'

/**
 * Compares enrollments. Those that are new or other are gathered in `wanted_enrollments`: an interval that changes is closed, and the next one has an id
 * of its own. One that holds today and would not any more is a loss like one that is gone.
 */
export const diffEnrollments = async (tx: RosterTransaction, mode: 'bulk' | 'delta' | undefined): Promise<void> => {
  const { db, districtId } = tx
  const user = resolve(districtId, { subject: 'user', table: 'users', as: 'person', reference: sql`s.user_sourced_id` })
  const section = resolve(districtId, { subject: 'section', table: 'sections', as: 'section', reference: sql`s.section_sourced_id` })
  await sql`
    create temporary table wanted_enrollments on commit drop as
    select uuidv7() as id, r.id as old_id, s.sourced_id, ${user.id} as user_id, ${section.id} as section_id, s.role, s.begins, s.ends, s.line,
      r.id is not null and (r.begins is null or r.begins <= today.day) and (r.ends is null or today.day < r.ends)
        and not ((s.begins is null or s.begins <= today.day) and (s.ends is null or today.day < s.ends)) as is_loss
    from staged_enrollments s
    ${user.joins}
    ${section.joins}
    left join enrollments r on r.district_id = ${districtId} and r.sourced_id = s.sourced_id and r.until_version is null
    cross join (select ${districtDay(districtId)} as day) today
    where ${user.id} is not null and ${section.id} is not null
      and (r.id is null or (r.user_id, r.section_id, r.role, r.begins, r.ends) is distinct from (${user.id}, ${section.id}, s.role, s.begins, s.ends))`.execute(
    db,
  )
  if (mode === undefined) return
  await sql`
    insert into diff (subject, id, sourced_id, change, reason, file, line, is_loss)
    select 'enrollment', coalesce(w.old_id, w.id), w.sourced_id, case when w.old_id is null then 'added' else 'changed' end, 'in-feed', 'enrollments.csv', w.line, w.is_loss
    from wanted_enrollments w`.execute(db)
  const of = { subject: 'enrollment', staged: 'staged_enrollments', file: 'enrollments', table: 'enrollments' } as const
  await diffRemovals(tx, mode, { ...of, isThere: sql`r.until_version is null`, before: sql`null::jsonb`, isLoss: true })
}
