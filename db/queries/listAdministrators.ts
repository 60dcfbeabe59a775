import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'
import { holdsGrant } from './holdsGrant.ts'

/** `email` is sealed for the row of `userId` in `users`. */
export type Administrator = { userId: string; email: Buffer | null }

/** Active people who administer the district at this moment. */
export const listAdministrators = ({ db, districtId }: DistrictTransaction): Promise<Administrator[]> =>
  findRows(
    db,
    sql<Administrator>`
      select u.id as "userId", u.email from grants g
      join users u on u.district_id = g.district_id and u.id = g.user_id
      where g.district_id = ${districtId} and g.permission = 'administer' and ${holdsGrant}
      group by u.id, u.email order by u.id`,
  )
