import { sql } from 'kysely'
import type { QuietHours } from '../../domain/notices/quietHours.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'

/** As `QuietHours`, and the time zone that they are in (IANA). */
export type PlacedQuietHours = QuietHours & { timeZone: string }

/** When these people are not notified, by their own choice or the district's; whoever has no quiet hours is not in it. It decides nothing of who may know. */
export const findQuietHours = async (
  { db, districtId }: DistrictTransaction,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, PlacedQuietHours>> => {
  if (userIds.length === 0) return new Map()
  const rows = await findRows(
    db,
    sql<PlacedQuietHours & { userId: string }>`
      select u.id as "userId", case when s.quiet_from is null then d.quiet_from else s.quiet_from end as "from",
        case when s.quiet_until is null then d.quiet_until else s.quiet_until end as until, d.time_zone as "timeZone"
      from users u
      join districts d on d.id = u.district_id
      left join notice_settings s on s.district_id = u.district_id and s.user_id = u.id
      where u.district_id = ${districtId} and u.id = any(${[...new Set(userIds)]}::uuid[])`,
  )
  return new Map(rows.flatMap(({ userId, ...hours }) => (hours.from === hours.until ? [] : [[userId, hours] as const])))
}
