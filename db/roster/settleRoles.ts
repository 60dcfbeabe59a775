import { sql } from 'kysely'
import { toFacts } from './diff/facts.ts'
import { diffRoleChanges, gatherTargetRoles } from './diff/diffPeople.ts'
import type { RosterTransaction } from './rosterTransaction.ts'

/**
 * Gathers which of the held roles in `settled` go (all of them, or none), and in the diff the people of whom that changes what decides access, as a feed's roles
 * are gathered. Their suspensions are gone, and `facts_before` knows what was before.
 */
export const gatherSettledRoles = async (tx: RosterTransaction, isApproved: boolean): Promise<void> => {
  const { db, districtId } = tx
  await sql`
    create temporary table dropped_roles on commit drop as
    select r.sourced_id, r.user_id from settled s join org_roles r on r.district_id = ${districtId} and r.id = s.id
    where s.subject = 'org-role' and ${isApproved}`.execute(db)
  await sql`
    create temporary table wanted_roles on commit drop as
    select sourced_id, user_id, role, begins, ends, user_id as old_user_id from org_roles where false`.execute(db)
  await gatherTargetRoles(tx)
  await diffRoleChanges(tx)
}

/** Keeps how these people changed, after it was written: their roles came back, or have ended. */
export const recordSettledPeople = async (
  { db, districtId }: RosterTransaction,
  version: number,
  reason: 'removal-approved' | 'removal-discarded',
): Promise<void> => {
  await sql`
    insert into roster_changes (district_id, version, subject, subject_id, change, reason, before, after)
    select ${districtId}::uuid, ${version}::bigint, 'user', d.id, 'changed', ${reason}, d.before, ${toFacts('user', 'r')}
    from diff d join users r on r.district_id = ${districtId} and r.id = d.id where d.subject = 'user' and d.change = 'changed'`.execute(db)
}
