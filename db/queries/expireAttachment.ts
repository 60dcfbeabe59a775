import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { attachmentEventsOf } from './addEvent.ts'
import { stateAllows } from './stateAllows.ts'

/** Ends a ticket that was never used, once no upload that began in its time can still be running. `false` when it is not so. */
export const expireAttachment = async (
  tx: DistrictTransaction,
  { attachmentId, longestUploadSeconds }: { attachmentId: string; longestUploadSeconds: number },
): Promise<boolean> => {
  const { numAffectedRows } = await sql`
    with changed as (
    update attachments a set state = 'expired', ended_at = statement_timestamp()
    where a.district_id = ${tx.districtId} and a.id = ${attachmentId} and ${stateAllows('a', 'expire')}
      and a.ticket_expires_at + make_interval(secs => ${longestUploadSeconds}) <= statement_timestamp()
    returning a.district_id, a.channel_id, a.section_id, a.id)
    ${attachmentEventsOf('changed')}`.execute(tx.db)
  return numAffectedRows === 1n
}
