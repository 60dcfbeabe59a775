import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'

/** The ids of the roles in organisations that these people of a feed have, by the people's ids in the feed. An id with a colon is no feed's. */
export const listRoleIds = async (
  { db, districtId }: DistrictTransaction,
  userSourcedIds: readonly string[],
): Promise<ReadonlyMap<string, string[]>> => {
  const rows = await findRows(
    db,
    sql<{ userSourcedId: string; roleSourcedId: string }>`
      select u.sourced_id as "userSourcedId", r.sourced_id as "roleSourcedId"
      from users u join org_roles r on r.district_id = u.district_id and r.user_id = u.id
      where u.district_id = ${districtId} and u.sourced_id = any(${[...userSourcedIds]}::text[]) and position(':' in r.sourced_id) = 0`,
  )
  const found = new Map<string, string[]>()
  for (const { userSourcedId, roleSourcedId } of rows) found.set(userSourcedId, [...(found.get(userSourcedId) ?? []), roleSourcedId])
  return found
}
