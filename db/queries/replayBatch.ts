import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'
import type { NotifyingFor } from './addNotices.ts'
import { enqueueWorkflow } from './enqueueWorkflow.ts'

/**
 * Gives an open batch its next run, through the outbox. What its notifications have told of stays told: the one that was begun goes on under its own Message-ID. Answers false
 * when the batch is closed, or somebody else was first.
 */
export const replayBatch = async (
  tx: DistrictTransaction,
  { userId, batch, attempt, startFor }: { userId: string; batch: number; attempt: number; startFor: NotifyingFor },
): Promise<boolean> => {
  const { db, districtId } = tx
  const replayed = await findRow(
    db,
    sql<{ attempt: number }>`
      update notice_batches b set attempt = b.attempt + 1, due_at = statement_timestamp()
      where b.district_id = ${districtId} and b.user_id = ${userId} and b.batch = ${batch} and b.attempt = ${attempt} and b.is_open
      returning b.attempt`,
  )
  if (replayed === null) return false
  await enqueueWorkflow(tx, startFor({ districtId, userId, batch, attempt: replayed.attempt }))
  return true
}
