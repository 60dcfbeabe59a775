import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'

type AttemptRef = { syncId: string; attempt: number }

/** Fixes the one version of the feed that is read. The first pin stays; `false` when this attempt may not pin, or another version is. */
export const pinFeedVersion = async (
  tx: DistrictTransaction,
  { syncId, attempt, versionId, bytes }: AttemptRef & { versionId: string; bytes: number },
): Promise<boolean> => {
  const { numAffectedRows } = await sql`
    update roster_syncs set object_version_id = ${versionId}, bytes = ${bytes}
    where district_id = ${tx.districtId} and id = ${syncId} and state in ('queued', 'running') and attempt = ${attempt}
      and (object_version_id is null or object_version_id = ${versionId})`.execute(tx.db)
  return numAffectedRows === 1n
}

/**
 * Lets a ticket wait again whose upload was said to be complete while nothing was there. The attempt goes up, so that the next completion is a run of its
 * own. `false` when this attempt may not.
 */
export const reopenFeedTicket = async (tx: DistrictTransaction, { syncId, attempt }: AttemptRef): Promise<boolean> => {
  const { numAffectedRows } = await sql`
    update roster_syncs set state = 'awaiting-upload', attempt = attempt + 1, queued_at = null
    where district_id = ${tx.districtId} and id = ${syncId} and state = 'queued' and attempt = ${attempt} and object_version_id is null`.execute(
    tx.db,
  )
  return numAffectedRows === 1n
}
