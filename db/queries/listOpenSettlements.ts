import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'

/** A version of which not everything that follows is done, and the attempt that works on it. */
export type OpenSettlement = { version: number; attempt: number }

/** Those of one district that were asked for longer than `olderThanSeconds` ago, the oldest first, behind the version `after`. */
export const listOpenSettlements = async (
  { db, districtId }: DistrictTransaction,
  { olderThanSeconds, after, limit }: { olderThanSeconds: number; after: number; limit: number },
): Promise<OpenSettlement[]> =>
  (
    await findRows(
      db,
      sql<{ version: string; attempt: number }>`
        select version, attempt from roster_settlements
        where district_id = ${districtId} and settled_at is null and version > ${after}::bigint
          and asked_at <= statement_timestamp() - make_interval(secs => ${olderThanSeconds})
        order by version limit ${limit}`,
    )
  ).map(({ version, attempt }) => ({ version: Number(version), attempt }))
