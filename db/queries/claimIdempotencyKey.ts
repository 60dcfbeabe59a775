import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'

/** A POST that must not happen twice. `fingerprint` is a keyed hash of the whole request. */
export type IdempotentRequest = { userId: string; key: string; route: string; fingerprint: Buffer }

export type IdempotencyClaim =
  | { outcome: 'new' }
  /** The same request has been done; `resultId` is what it led to. */
  | { outcome: 'done'; resultId: string }
  /** The key was used for another request. */
  | { outcome: 'other-request' }

/**
 * Claims the key in the transaction of the work itself, so that both commit or neither. A second request with the same key waits
 * here for the first one's end, and fails with Postgres' 57014 (out of time) when that takes longer than a statement may.
 */
export const claimIdempotencyKey = async (tx: DistrictTransaction, request: IdempotentRequest): Promise<IdempotencyClaim> => {
  const claimed = await findRow(
    tx.db,
    sql<{ key: string }>`
      insert into idempotency_keys (district_id, user_id, key, route, fingerprint, status)
      values (${tx.districtId}, ${request.userId}, ${request.key}, ${request.route}, ${request.fingerprint}, 'in-progress')
      on conflict (district_id, user_id, key) do nothing
      returning key`,
  )
  if (claimed !== null) return { outcome: 'new' }
  const former = await findRow(
    tx.db,
    sql<{ fingerprint: Buffer; resultId: string | null }>`
      select fingerprint, result_id as "resultId" from idempotency_keys
      where district_id = ${tx.districtId} and user_id = ${request.userId} and key = ${request.key}`,
  )
  if (former === null || former.resultId === null || !former.fingerprint.equals(request.fingerprint)) return { outcome: 'other-request' }
  return { outcome: 'done', resultId: former.resultId }
}

/** Says what the claimed request led to, in the same transaction. */
export const settleIdempotencyKey = async (
  tx: DistrictTransaction,
  { userId, key }: Pick<IdempotentRequest, 'userId' | 'key'>,
  result: { kind: string; id: string },
): Promise<void> => {
  await sql`
    update idempotency_keys set status = 'done', result_kind = ${result.kind}, result_id = ${result.id}
    where district_id = ${tx.districtId} and user_id = ${userId} and key = ${key}`.execute(tx.db)
}
