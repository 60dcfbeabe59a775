import { sql } from 'kysely'
import type { Transaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'

export type LateBatch = { districtId: string; userId: string; batch: number; attempt: number }

/**
 * Open batches whose run should have looked at them more than `olderThanSeconds` ago, page by page in the order of their people: some are late, some have lost their
 * run. As the role `sweeper`.
 */
export const listLateBatches = (
  tx: Transaction,
  { olderThanSeconds, after, limit }: { olderThanSeconds: number; after: string | null; limit: number },
): Promise<LateBatch[]> =>
  findRows(
    tx.db,
    sql<LateBatch>`
      select district_id as "districtId", user_id as "userId", batch, attempt from notice_batches
      where is_open and due_at <= statement_timestamp() - make_interval(secs => ${olderThanSeconds})
        and opened_at <= statement_timestamp() - make_interval(secs => ${olderThanSeconds})
        and (${after}::uuid is null or user_id > ${after}::uuid)
      order by user_id limit ${limit}`,
  )
