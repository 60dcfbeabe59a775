import { sql } from 'kysely'
import type { Permission } from '../entities/Grant.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'
import { holdsGrant } from './holdsGrant.ts'

/** `email` is sealed for the row of `userId` in `users`. */
export type Holder = { userId: string; email: Buffer | null }

/** Active people whose permission counts at this moment. */
export const listHolders = ({ db, districtId }: DistrictTransaction, permission: Permission): Promise<Holder[]> =>
  findRows(
    db,
    sql<Holder>`
      select u.id as "userId", u.email from grants g
      join users u on u.district_id = g.district_id and u.id = g.user_id
      where g.district_id = ${districtId} and g.permission = ${sql.lit(permission)} and ${holdsGrant}
      group by u.id, u.email order by u.id`,
  )
