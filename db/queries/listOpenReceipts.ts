import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'

/** An announcement whose receipt is not written, and the attempt that writes it. */
export type OpenReceipt = { announcementId: string; attempt: number }

/** Those of one district that were posted longer than `olderThanSeconds` ago, in the order of their ids, behind `after`. */
export const listOpenReceipts = (
  { db, districtId }: DistrictTransaction,
  { olderThanSeconds, after, limit }: { olderThanSeconds: number; after: string | null; limit: number },
): Promise<OpenReceipt[]> =>
  findRows(
    db,
    sql<OpenReceipt>`
      select n.id as "announcementId", n.scope_attempt as attempt from announcements n
      where n.district_id = ${districtId} and n.scope_computed_at is null and (${after}::uuid is null or n.id > ${after}::uuid)
        and n.created_at <= statement_timestamp() - make_interval(secs => ${olderThanSeconds})
      order by n.id limit ${limit}`,
  )
