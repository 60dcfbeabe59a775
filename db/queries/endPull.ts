import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'
import { enqueueWorkflow } from './enqueueWorkflow.ts'
import type { OutboxStart } from './enqueueWorkflow.ts'

type Attempt = { pullId: string; attempt: number }

/** Ends an attempt that could not fetch the roster, and says why by a code. Answers whether it was this attempt's to end. */
export const endPull = async (
  { db, districtId }: DistrictTransaction,
  { pullId, attempt, faultCode }: Attempt & { faultCode: string },
): Promise<boolean> => {
  const ended = await findRow(
    db,
    sql`
      update roster_pulls set state = 'waiting', outcome = 'failed', ended_at = clock_timestamp(), fault_code = ${faultCode}
      where district_id = ${districtId} and id = ${pullId} and attempt = ${attempt} and state = 'pulling'
      returning id`,
  )
  return ended !== null
}

/**
 * Ends an attempt whose feed lies in the bucket: the sync of it is there and its run is asked for, in one transaction. How new the feed is, is when the pull
 * began. Answers whether it was this attempt's to end.
 */
export const queuePulledSync = async (
  tx: DistrictTransaction,
  {
    pullId,
    attempt,
    feed,
    startFor,
  }: Attempt & {
    feed: { key: string; versionId: string }
    startFor: (ref: { districtId: string; syncId: string; attempt: number }) => OutboxStart
  },
): Promise<boolean> => {
  const { db, districtId } = tx
  const ended = await findRow(
    db,
    sql<{ syncId: string }>`
      with ended as (
        update roster_pulls set state = 'waiting', outcome = 'queued', ended_at = clock_timestamp()
        where district_id = ${districtId} and id = ${pullId} and attempt = ${attempt} and state = 'pulling'
        returning sync_id, started_at, id
      )
      insert into roster_syncs (district_id, id, origin, state, source_at, object_key, object_version_id, author_kind, author, queued_at)
      select ${districtId}::uuid, sync_id, 'pull', 'queued', started_at, ${feed.key}, ${feed.versionId}, 'schedule', id::text, clock_timestamp() from ended
      returning id as "syncId"`,
  )
  if (ended === null) return false
  await enqueueWorkflow(tx, startFor({ districtId, syncId: ended.syncId, attempt: 1 }))
  return true
}
