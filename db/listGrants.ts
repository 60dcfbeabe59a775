import { sql } from 'kysely'
import type { Permission } from './entities/Grant.ts'
import { withDistrict } from './openDatabase.ts'
import type { Database } from './openDatabase.ts'
import { holdsGrant } from './queries/holdsGrant.ts'
import { findRow, findRows } from './rows.ts'

/** `held`: the brake holds the person's removal. `no-work`: they do no work for the district at this moment. */
export type GrantStanding = 'counts' | 'ended' | 'held' | 'no-work'

export type ListedGrant = {
  userId: string
  sourcedId: string
  permission: Permission
  /** Who of the district gave it; null of our staff, whom the audit log names. */
  authorId: string | null
  begins: string
  ends: string | null
  standing: GrantStanding
}

/** Every permission that anybody of the district was ever given, the oldest first. Null when there is no such district. As the owner. */
export const listGrants = (owner: Database, districtId: string): Promise<ListedGrant[] | null> =>
  withDistrict(owner, districtId, async ({ db }) => {
    const district = await findRow(db, sql`select id from districts where id = ${districtId} and kind = 'district'`)
    if (district === null) return null
    return findRows(
      db,
      sql<ListedGrant>`
        select g.user_id as "userId", u.sourced_id as "sourcedId", g.permission, g.author_id as "authorId", g.begins::text as begins, g.ends::text as ends,
          case when g.ends <= statement_timestamp() then 'ended' when ${holdsGrant} then 'counts'
            when exists (
              select 1 from suspensions held where held.district_id = u.district_id and held.subject_id in (u.id, g.id)) then 'held'
            else 'no-work' end as standing
        from grants g join users u on u.district_id = g.district_id and u.id = g.user_id
        where g.district_id = ${districtId} order by g.begins, g.id`,
    )
  })
