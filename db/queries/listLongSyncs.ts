import { sql } from 'kysely'
import type { Transaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'

export type LongSync = { districtId: string; syncId: string; attempt: number }

/**
 * Syncs that are queued or running for longer than `olderThanSeconds`, page by page in the order of their ids: most wait for their turn, some have lost
 * their run. As the role `sweeper`.
 */
export const listLongSyncs = (
  tx: Transaction,
  { olderThanSeconds, after, limit }: { olderThanSeconds: number; after: string | null; limit: number },
): Promise<LongSync[]> =>
  findRows(
    tx.db,
    sql<LongSync>`
      select district_id as "districtId", id as "syncId", attempt from roster_syncs
      where state in ('queued', 'running') and queued_at <= statement_timestamp() - make_interval(secs => ${olderThanSeconds})
        and (${after}::uuid is null or id > ${after}::uuid)
      order by id limit ${limit}`,
  )
