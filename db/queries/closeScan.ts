import { sql } from 'kysely'
import type { AttachmentState } from '../../domain/attachment.ts'
import { stateAfterVerdict } from '../../domain/attachment.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { attachmentEventsOf } from './addEvent.ts'
import { stateAllows } from './stateAllows.ts'

/**
 * Moves the row to the state its placed verdict leads to: the last step of a scan, when the objects are where they belong. A clean
 * row has a clean object and a quarantined row a quarantined one, whatever the caller believes. Null when this attempt may not close it.
 */
export const closeScan = async (tx: DistrictTransaction, attachmentId: string, attempt: number): Promise<AttachmentState | null> => {
  const { rows } = await sql<{ state: AttachmentState }>`
    with changed as (
    update attachments a
    set state = case verdict
          when 'clean' then ${stateAfterVerdict.clean}
          when 'infected' then ${stateAfterVerdict.infected}
          else ${stateAfterVerdict.unscannable}
        end,
        ended_at = now()
    where district_id = ${tx.districtId} and id = ${attachmentId} and ${stateAllows('a', 'recordVerdict')} and attempt = ${attempt}
      and verdict is not null
      and (verdict = 'clean') = (clean_key is not null)
      and (verdict = 'infected') = (quarantine_key is not null)
    returning a.district_id, a.channel_id, a.section_id, a.id, a.state),
    event as (${attachmentEventsOf('changed')})
    select state from changed`.execute(tx.db)
  return rows[0]?.state ?? null
}
