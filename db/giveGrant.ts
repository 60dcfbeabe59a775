import { sql } from 'kysely'
import { v7 as newId } from 'uuid'
import type { Permission } from './entities/Grant.ts'
import { withDistrict } from './openDatabase.ts'
import type { Database, DistrictTransaction } from './openDatabase.ts'
import { findPerson } from './findPerson.ts'
import { holdsGrant } from './queries/holdsGrant.ts'
import { recordAudit } from './queries/recordAudit.ts'
import { tryLockRoster } from './roster/tryLockRoster.ts'
import { findRow, getRow } from './rows.ts'

/** Whom it is about, and who does it and why: both stand in the audit log. */
export type GrantAct = {
  districtId: string
  /** Our id, or the id of the district's system: whichever names somebody, ours first. */
  user: string
  permission: Permission
  /** Account name. */
  staff: string
  reason: string
}

export type GivenGrant =
  | { outcome: 'given'; grantId: string; userId: string; ends: string | null }
  /** `held`: the brake holds this person's removal. `no-work`: a permission of theirs would not count. `over`: `until` is no day of the future there. */
  | { outcome: 'no-district' | 'no-person' | 'no-work' | 'held' | 'given-already' | 'over' }
  /** The district's roster is being changed; nothing was done, and nothing waited. */
  | { outcome: 'busy' }

/**
 * Gives a person of the district a permission from now on, if it would count. As the owner: the application itself may give none. Under the lock of the roster,
 * so that no change which ends somebody's work misses a permission that is given meanwhile.
 */
export const giveGrant = (owner: Database, { until, ...act }: GrantAct & { until: string | null }): Promise<GivenGrant> =>
  withDistrict(owner, act.districtId, async (tx) => {
    if (!(await tryLockRoster(tx))) return { outcome: 'busy' }
    const end = await findEnd(tx, until)
    if (end === null) return { outcome: 'no-district' }
    if (end.isOver) return { outcome: 'over' }
    const userId = await findPerson(tx, act.user)
    if (userId === null) return { outcome: 'no-person' }
    const { isHeld, isFit, hasIt } = await findStanding(tx, userId, act.permission)
    if (isHeld) return { outcome: 'held' }
    if (!isFit) return { outcome: 'no-work' }
    if (hasIt) return { outcome: 'given-already' }
    const grantId = newId()
    // Nobody of the district gives it: the audit log says which of our staff did.
    await sql`
      insert into grants (district_id, id, user_id, permission, author_id, begins, ends)
      values (${act.districtId}, ${grantId}, ${userId}, ${act.permission}, null, statement_timestamp(), ${end.ends}::timestamptz)`.execute(
      tx.db,
    )
    await recordAudit(tx, {
      actor: { kind: 'staff', name: act.staff },
      action: 'grant.give',
      target: { kind: 'user', id: userId },
      reason: act.reason,
      details: { permission: act.permission, until },
    })
    return { outcome: 'given', grantId, userId, ends: end.ends }
  })

/** When the day `until` begins in the district, and whether it has begun. Null when there is no such district. */
const findEnd = ({ db, districtId }: DistrictTransaction, until: string | null): Promise<{ ends: string | null; isOver: boolean } | null> =>
  findRow(
    db,
    sql<{ ends: string | null; isOver: boolean }>`
      select t.ends::text as ends, coalesce(t.ends <= statement_timestamp(), false) as "isOver"
      from districts d cross join lateral (select ${until}::date::timestamp at time zone d.time_zone as ends) t
      where d.id = ${districtId} and d.kind = 'district'`,
  )

type Standing = { isHeld: boolean; isFit: boolean; hasIt: boolean }

/** `isFit`: a permission that began now would count, by the very rule of those that there are. */
const findStanding = ({ db, districtId }: DistrictTransaction, userId: string, permission: Permission): Promise<Standing> =>
  getRow(
    db,
    sql<Standing>`
      select ${holdsGrant} as "isFit",
        exists (select 1 from suspensions held where held.district_id = u.district_id and held.subject_id = u.id) as "isHeld",
        exists (
          select 1 from grants given where given.district_id = u.district_id and given.user_id = u.id and given.permission = ${permission}
            and (given.ends is null or statement_timestamp() < given.ends)) as "hasIt"
      from users u cross join lateral (select u.id, statement_timestamp() as begins, null::timestamptz as ends) g
      where u.district_id = ${districtId} and u.id = ${userId}`,
  )
