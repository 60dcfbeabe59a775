import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { attachmentEventsOf } from './addEvent.ts'
import { stateAllows } from './stateAllows.ts'

/**
 * Lets a ticket wait again whose upload was said to be complete while nothing was there. The attempt goes up, so that the next
 * completion is a run of its own. `false` when this attempt may not.
 */
export const reopenTicket = async (
  tx: DistrictTransaction,
  { attachmentId, attempt }: { attachmentId: string; attempt: number },
): Promise<boolean> => {
  const { numAffectedRows } = await sql`
    with changed as (
    update attachments a set state = 'awaiting-upload', attempt = a.attempt + 1, upload_completed_at = null
    where a.district_id = ${tx.districtId} and a.id = ${attachmentId} and ${stateAllows('a', 'reopenTicket')}
      and a.attempt = ${attempt} and a.incoming_version_id is null
    returning a.district_id, a.channel_id, a.section_id, a.id)
    ${attachmentEventsOf('changed')}`.execute(tx.db)
  return numAffectedRows === 1n
}
