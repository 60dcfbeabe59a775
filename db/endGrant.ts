import { sql } from 'kysely'
import { findPerson } from './findPerson.ts'
import type { GrantAct } from './giveGrant.ts'
import { withDistrict } from './openDatabase.ts'
import type { Database } from './openDatabase.ts'
import { isWithoutAdministrator } from './queries/isWithoutAdministrator.ts'
import { recordAudit } from './queries/recordAudit.ts'
import { findRows } from './rows.ts'

export type EndedGrant =
  /** `isWithoutAdministrator`: nobody can administer the district any more. */
  { outcome: 'ended'; userId: string; isWithoutAdministrator: boolean } | { outcome: 'no-person' | 'not-given' }

/** Ends a person's permission at this moment, whatever else is under way in the district. As the owner. */
export const endGrant = (owner: Database, { districtId, user, permission, staff, reason }: GrantAct): Promise<EndedGrant> =>
  withDistrict(owner, districtId, async (tx) => {
    const userId = await findPerson(tx, user)
    if (userId === null) return { outcome: 'no-person' }
    const ended = await findRows(
      tx.db,
      sql<{ id: string }>`
        update grants set ends = greatest(statement_timestamp(), begins)
        where district_id = ${districtId} and user_id = ${userId} and permission = ${permission}
          and (ends is null or statement_timestamp() < ends)
        returning id`,
    )
    if (ended.length === 0) return { outcome: 'not-given' }
    await recordAudit(tx, {
      actor: { kind: 'staff', name: staff },
      action: 'grant.end',
      target: { kind: 'user', id: userId },
      reason,
      details: { permission },
    })
    return { outcome: 'ended', userId, isWithoutAdministrator: await isWithoutAdministrator(tx) }
  })
