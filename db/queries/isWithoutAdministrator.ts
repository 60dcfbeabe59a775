import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { getRow } from '../rows.ts'
import { holdsGrant } from './holdsGrant.ts'

/** Whether somebody administered the district once, and at this moment nobody can: they have left, or their removal is held by the brake. */
export const isWithoutAdministrator = async ({ db, districtId }: DistrictTransaction): Promise<boolean> => {
  const { is } = await getRow(
    db,
    sql<{ is: boolean }>`
      select exists (select 1 from grants g where g.district_id = ${districtId} and g.permission = 'administer')
        and not exists (
          select 1 from grants g join users u on u.district_id = g.district_id and u.id = g.user_id
          where g.district_id = ${districtId} and g.permission = 'administer' and ${holdsGrant}) as is`,
  )
  return is
}
