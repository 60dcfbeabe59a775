import { sql } from 'kysely'
import { isWork } from '../../queries/workDays.ts'
import { diffRolesAgain } from '../diff/diffPeople.ts'
import type { RosterTransaction } from '../rosterTransaction.ts'

/**
 * Takes out of the diff what would end a row that another sync's brake holds: what becomes of it is for the district to decide, and a feed that says the same
 * again decides nothing. Not for single events, which somebody meant.
 */
export const leaveHeld = async (tx: RosterTransaction): Promise<void> => {
  const { db, districtId } = tx
  await sql`
    insert into left_held select d.subject, d.id from diff d
    where d.is_loss and (d.change = 'changed' or d.subject = 'guardianship') and exists (
      select 1 from suspensions held where held.district_id = ${districtId} and held.subject_id = d.id)`.execute(db)
  await sql`
    insert into left_held
    select 'org-role', r.id from (
      select sourced_id from dropped_roles where not is_final union all select sourced_id from wanted_roles where is_loss) lost
    join org_roles r on r.district_id = ${districtId} and r.sourced_id = lost.sourced_id
    join suspensions held on held.district_id = r.district_id and held.subject_id = r.id`.execute(db)
  await sql`delete from diff d using left_held l where d.subject = l.subject and d.id = l.id`.execute(db)
  await sql`delete from wanted_enrollments w using left_held l where l.subject = 'enrollment' and l.id = w.old_id`.execute(db)
  await sql`delete from wanted_guardianships w using left_held l where l.subject = 'guardianship' and l.id = w.old_id`.execute(db)
  for (const table of ['dropped_roles', 'wanted_roles'])
    await sql`
      delete from ${sql.table(table)} lost using left_held l, org_roles r
      where l.subject = 'org-role' and r.district_id = ${districtId} and r.id = l.id and r.sourced_id = lost.sourced_id`.execute(db)
  await leaveLines(tx)
}

/**
 * Links and roles of which held guardianships were made stay, or they could not be made again; of the staff's none is, and those go. So do all roles of people who
 * are held and whom the feed does not name as they were.
 */
const leaveLines = async (tx: RosterTransaction): Promise<void> => {
  const { db, districtId } = tx
  await sql`
    create temporary table held_families on commit drop as
    select g.guardian_id, g.student_id from suspensions held
    join guardianships g on g.district_id = ${districtId} and g.id = held.subject_id and g.until_version is null
    where held.district_id = ${districtId} and held.subject = 'guardianship'`.execute(db)
  await sql`
    delete from dropped_links d using held_families f
    where (d.user_id, d.agent_id) in ((f.guardian_id, f.student_id), (f.student_id, f.guardian_id))`.execute(db)
  await sql`
    delete from pair_custody p using held_families f
    where (p.user_id, p.agent_id) in ((f.guardian_id, f.student_id), (f.student_id, f.guardian_id))`.execute(db)
  await sql`
    create temporary table held_people on commit drop as
    select held.subject_id as id from suspensions held
    where held.district_id = ${districtId} and held.subject = 'user' and (
      exists (select 1 from left_held l where l.id = held.subject_id)
      or not exists (
        select 1 from users r join staged_users s on s.sourced_id = r.sourced_id where r.district_id = ${districtId} and r.id = held.subject_id))`.execute(
    db,
  )
  await sql`
    delete from dropped_roles d where d.user_id in (select id from held_people)
      or not ${isWork('d')} and d.user_id in (select guardian_id from held_families union select student_id from held_families)`.execute(db)
  await diffRolesAgain(tx)
}
