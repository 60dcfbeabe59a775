import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'

/** Who was let download an attachment, by the audit log. `downloads`: the first ones, oldest first; `at` is an ISO time in UTC. */
export type DownloadsOf = { count: number; people: number; downloads: { userId: string; at: string }[] }

/** Every download that was begun, in full or in part, counted; and the first `limit` of them. */
export const listDownloads = async ({ db, districtId }: DistrictTransaction, attachmentId: string, limit: number): Promise<DownloadsOf> => {
  const row = await findRow(
    db,
    sql<DownloadsOf>`
      with downloads as (
        select actor, at from audit_entries
        where district_id = ${districtId} and action = 'attachment.download' and target = ${attachmentId}),
      earliest as (select actor, at from downloads order by at limit ${limit})
      select (select count(*)::int from downloads) as count, (select count(distinct actor)::int from downloads) as people,
        (select coalesce(json_agg(json_build_object('userId', actor,
          'at', to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) order by at), '[]') from earliest) as downloads`,
  )
  return row ?? { count: 0, people: 0, downloads: [] }
}
