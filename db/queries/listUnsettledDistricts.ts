import { sql } from 'kysely'
import type { Transaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'

/**
 * Districts in which something that follows from a version was asked for longer than `olderThanSeconds` ago and is not done, page by page in the order of their
 * ids: mostly people are still being told, some runs are lost. As the role `sweeper`.
 */
export const listUnsettledDistricts = async (
  tx: Transaction,
  { olderThanSeconds, after, limit }: { olderThanSeconds: number; after: string | null; limit: number },
): Promise<string[]> =>
  (
    await findRows(
      tx.db,
      sql<{ districtId: string }>`
        select distinct district_id as "districtId" from roster_settlements
        where settled_at is null and asked_at <= statement_timestamp() - make_interval(secs => ${olderThanSeconds})
          and (${after}::uuid is null or district_id > ${after}::uuid)
        order by 1 limit ${limit}`,
    )
  ).map(({ districtId }) => districtId)
