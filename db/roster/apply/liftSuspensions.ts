import { sql } from 'kysely'
import { findRow } from '../../rows.ts'
import { diffRolesAgain, rememberFacts } from '../diff/diffPeople.ts'
import type { RosterTransaction } from '../rosterTransaction.ts'

/** A row that this feed names as it was is no removal any more: its suspensions, which are of older feeds, go. */
export const liftSuspensions = async (tx: RosterTransaction): Promise<void> => {
  const { db, districtId } = tx
  await sql`
    create temporary table lifted on commit drop as
    select distinct held.subject, held.subject_id as id from suspensions held
    where held.district_id = ${districtId} and not exists (select 1 from diff d where d.id = held.subject_id and d.is_loss)
      and not exists (select 1 from left_held l where l.id = held.subject_id) and (
      held.subject = 'enrollment' and exists (
        select 1 from enrollments r join staged_enrollments s on s.sourced_id = r.sourced_id where r.district_id = ${districtId} and r.id = held.subject_id)
      or held.subject = 'guardianship' and exists (
        select 1 from guardianships r join feed_links f on (f.user_id, f.agent_id) in ((r.guardian_id, r.student_id), (r.student_id, r.guardian_id))
        where r.district_id = ${districtId} and r.id = held.subject_id)
      or held.subject = 'user' and exists (
        select 1 from users r join staged_users s on s.sourced_id = r.sourced_id where r.district_id = ${districtId} and r.id = held.subject_id)
      or held.subject = 'org-role' and exists (
        select 1 from org_roles r join staged_roles s on s.sourced_id = r.sourced_id where r.district_id = ${districtId} and r.id = held.subject_id)
      or held.subject = 'section' and exists (
        select 1 from wanted_sections w where w.id = held.subject_id)
      or held.subject = 'term' and exists (
        select 1 from terms r join staged_terms s on s.sourced_id = r.sourced_id where r.district_id = ${districtId} and r.id = held.subject_id)
      or held.subject = 'school' and exists (
        select 1 from schools r join staged_schools s on s.sourced_id = r.sourced_id where r.district_id = ${districtId} and r.id = held.subject_id))`.execute(
    db,
  )
  const isOfRoles = (await findRow(db, sql`select 1 from lifted where subject = 'org-role' limit 1`)) !== null
  if (isOfRoles)
    await rememberFacts(
      tx,
      sql`(select r.user_id from lifted l join org_roles r on r.district_id = ${districtId} and r.id = l.id where l.subject = 'org-role')`,
    )
  await sql`delete from suspensions held using lifted where held.district_id = ${districtId} and held.subject_id = lifted.id`.execute(db)
  if (isOfRoles) await diffRolesAgain(tx)
  await sql`
    insert into diff (subject, id, change, reason, is_loss)
    select subject, id, 'restored', 'in-feed', false from lifted`.execute(db)
}
