import { sql } from 'kysely'
import type { UserRole } from '../../domain/access.ts'
import type { Permission } from '../entities/Grant.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'
import { holdsGrant } from './holdsGrant.ts'
import { preferredLanguage } from './preferredLanguage.ts'

/** Who asks. */
export type Actor = { userId: string; role: UserRole; permissions: Permission[]; preferredLanguage: string }

/** The active person behind a session that still holds at this moment, or null: a session dies with the account. */
export const findActor = (tx: DistrictTransaction, { sessionId, userId }: { sessionId: string; userId: string }): Promise<Actor | null> =>
  findRow(
    tx.db,
    sql<Actor>`
      select u.id as "userId", u.role, ${preferredLanguage('u')} as "preferredLanguage",
        array(
          select g.permission from grants g
          where g.district_id = u.district_id and g.user_id = u.id and ${holdsGrant}
          order by g.permission) as permissions
      from users u
      join sessions s on s.district_id = u.district_id and s.user_id = u.id
      where u.district_id = ${tx.districtId} and u.id = ${userId} and u.is_active
        and s.id = ${sessionId} and s.ended_at is null and statement_timestamp() < s.expires_at`,
  )
