import { sql } from 'kysely'
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
  await sql`delete from diff d using left_held l where d.subject = l.subject and d.id = l.id`.execute(db)
  await sql`delete from wanted_enrollments w using left_held l where l.subject = 'enrollment' and l.id = w.old_id`.execute(db)
  await sql`delete from wanted_guardianships w using left_held l where l.subject = 'guardianship' and l.id = w.old_id`.execute(db)
  await leaveLines(tx)
}

/** Roles and links of which held guardianships were made stay, or they could not be made again. */
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
    select guardian_id as id from held_families union select student_id from held_families
    union select subject_id from suspensions where district_id = ${districtId} and subject = 'user'`.execute(db)
  await sql`delete from dropped_roles d using held_people p where d.user_id = p.id`.execute(db)
  await diffRolesAgain(tx)
}
