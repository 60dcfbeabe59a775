import { sql } from 'kysely'
import { diffRolesAgain, rememberFacts } from '../diff/diffPeople.ts'
import type { RosterTransaction } from '../rosterTransaction.ts'

/**
 * Takes every loss out of the diff and writes it as a suspension of this sync: access ends all the same, in this commit, and everything that would follow
 * waits for somebody who looks. What is new or other in the feed goes on.
 */
export const holdLosses = async (tx: RosterTransaction, syncId: string): Promise<void> => {
  const { db, districtId } = tx
  await sql`
    create temporary table held_now on commit drop as
    select lost.subject, lost.id, d.sourced_id, coalesce(d.reason, 'absent-from-bulk') as reason, d.file, d.line
    from (
      select 'enrollment' as subject, id from lost_enrollments where not is_held
      union select 'guardianship', id from lost_guardianships where not is_held
      union select subject, id from diff where is_loss and subject in ('school', 'term', 'section', 'user')) lost
    left join diff d on d.subject = lost.subject and d.id = lost.id and d.is_loss`.execute(db)
  await sql`
    insert into held_now (subject, id, sourced_id, reason) select 'org-role', id, sourced_id, reason from lost_roles`.execute(db)
  await rememberFacts(tx, sql`(select user_id from lost_roles)`)
  await sql`delete from diff where is_loss`.execute(db)
  await sql`delete from wanted_enrollments where is_loss`.execute(db)
  await sql`delete from wanted_guardianships w using held_now h where h.subject = 'guardianship' and h.id = w.old_id`.execute(db)
  await sql`
    insert into suspensions (district_id, subject_id, sync_id, subject) select ${districtId}::uuid, id, ${syncId}::uuid, subject from held_now`.execute(
    db,
  )
  await sql`
    insert into diff (subject, id, sourced_id, change, reason, file, line, is_loss)
    select subject, id, sourced_id, 'suspended', reason, file, line, true from held_now`.execute(db)
  // Lines that say less than before are part of what is doubted: links that they leave out stay, and so does what events told of custody. Roles are held.
  await sql`delete from dropped_roles`.execute(db)
  await sql`delete from wanted_roles where is_loss`.execute(db)
  await sql`delete from dropped_links`.execute(db)
  await sql`delete from pair_custody`.execute(db)
  await diffRolesAgain(tx)
}
