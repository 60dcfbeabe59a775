import { sql } from 'kysely'
import type { Transaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'

export type LongScan = { districtId: string; attachmentId: string; attempt: number }

/**
 * Attachments that are `scanning` for longer than `olderThanSeconds`, page by page in the order of their ids: most wait for a scanner,
 * some have lost their run. As the role `sweeper`.
 */
export const listLongScans = (
  tx: Transaction,
  { olderThanSeconds, after, limit }: { olderThanSeconds: number; after: string | null; limit: number },
): Promise<LongScan[]> =>
  findRows(
    tx.db,
    sql<LongScan>`
      select district_id as "districtId", id as "attachmentId", attempt from attachments
      where state = 'scanning' and upload_completed_at <= statement_timestamp() - make_interval(secs => ${olderThanSeconds})
        and (${after}::uuid is null or id > ${after}::uuid)
      order by id limit ${limit}`,
  )
