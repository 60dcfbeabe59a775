import { sql } from 'kysely'
import type { Transaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'
import type { LongSync } from './listLongSyncs.ts'

/**
 * Syncs whose removals the brake has held for longer than `olderThanSeconds`, decided on or not, page by page in the order of their ids: most wait for their
 * district, some have lost their run. As the role `sweeper`.
 */
export const listHeldSyncs = (
  tx: Transaction,
  { olderThanSeconds, after, limit }: { olderThanSeconds: number; after: string | null; limit: number },
): Promise<LongSync[]> =>
  findRows(
    tx.db,
    sql<LongSync>`
      select district_id as "districtId", id as "syncId", attempt from roster_syncs
      where removals in ('waiting', 'approving', 'discarding') and ended_at <= statement_timestamp() - make_interval(secs => ${olderThanSeconds})
        and (${after}::uuid is null or id > ${after}::uuid)
      order by id limit ${limit}`,
  )
