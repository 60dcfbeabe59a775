import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { attachmentEventsOf } from './addEvent.ts'
import { recordAudit } from './recordAudit.ts'
import { stateAllows } from './stateAllows.ts'

/** Ends one attempt as `failed`, and keeps the type of the fault in the audit log. `false` when this attempt may not. */
export const recordFailure = async (
  tx: DistrictTransaction,
  { attachmentId, attempt }: { attachmentId: string; attempt: number },
  failureType: string,
): Promise<boolean> => {
  const { numAffectedRows } = await sql`
    with changed as (
    update attachments a set state = 'failed', ended_at = statement_timestamp()
    where a.district_id = ${tx.districtId} and a.id = ${attachmentId} and ${stateAllows('a', 'fail')} and a.attempt = ${attempt}
    returning a.district_id, a.channel_id, a.section_id, a.id)
    ${attachmentEventsOf('changed')}`.execute(tx.db)
  if (numAffectedRows !== 1n) return false
  const target = { kind: 'attachment', id: attachmentId }
  await recordAudit(tx, { actor: { kind: 'system', name: 'scan' }, action: 'attachment.fail', target, details: { attempt, failureType } })
  return true
}
