import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'
import { enqueueWorkflow } from './enqueueWorkflow.ts'
import type { OutboxStart, StartFor } from './enqueueWorkflow.ts'
import { attachmentEventsOf } from './addEvent.ts'
import { isSeenAttachment } from './isSeenAttachment.ts'
import { recordAudit } from './recordAudit.ts'
import { stateAllows } from './stateAllows.ts'

/**
 * The uploader takes the attachment back: nobody can open it from this commit on, and the removal of its objects is asked for. Answers
 * the start that was asked for, or null when nothing changed.
 */
export const deleteAttachment = async (
  tx: DistrictTransaction,
  { attachmentId, actorId, startFor }: { attachmentId: string; actorId: string; startFor: StartFor },
): Promise<OutboxStart | null> => {
  const deleted = await findRow(
    tx.db,
    sql<{ attempt: number; formerState: string }>`
      with changed as (
      update attachments a set state = 'deleted', ended_at = statement_timestamp()
      from attachments former
      where a.district_id = ${tx.districtId} and a.id = ${attachmentId} and a.uploader_id = ${actorId} and ${stateAllows('a', 'delete')}
        and former.district_id = a.district_id and former.id = a.id
        and ${isSeenAttachment(tx.districtId, 'a', actorId)}
      returning a.district_id, a.channel_id, a.section_id, a.id, a.attempt, former.state as "formerState"),
      event as (${attachmentEventsOf('changed')})
      select attempt, "formerState" from changed`,
  )
  if (deleted === null) return null
  const start = startFor({ districtId: tx.districtId, attachmentId, attempt: deleted.attempt })
  await enqueueWorkflow(tx, start)
  await recordAudit(tx, {
    actor: { kind: 'user', id: actorId },
    action: 'attachment.delete',
    target: { kind: 'attachment', id: attachmentId },
    details: { formerState: deleted.formerState },
  })
  return start
}
