import { sql } from 'kysely'
import type { Transaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'

/**
 * Districts with an announcement that was posted longer than `olderThanSeconds` ago and has no receipt, page by page in the order of their ids. As the role
 * `sweeper`.
 */
export const listUnreceiptedDistricts = async (
  tx: Transaction,
  { olderThanSeconds, after, limit }: { olderThanSeconds: number; after: string | null; limit: number },
): Promise<string[]> =>
  (
    await findRows(
      tx.db,
      sql<{ districtId: string }>`
        select distinct district_id as "districtId" from announcements
        where scope_computed_at is null and created_at <= statement_timestamp() - make_interval(secs => ${olderThanSeconds})
          and (${after}::uuid is null or district_id > ${after}::uuid)
        order by 1 limit ${limit}`,
    )
  ).map(({ districtId }) => districtId)
