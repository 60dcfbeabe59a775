import { sql } from 'kysely'
import type { DistrictTransaction, Transaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'

/** A version of which not everything that follows is done, and the attempt that works on it. */
export type OpenSettlement = { version: number; attempt: number }

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

/** Those of one district, the oldest first, behind the version `after`. */
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
