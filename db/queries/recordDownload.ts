import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import { v7 as newId } from 'uuid'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'
import { isAuditOpen } from './isAuditOpen.ts'
import { isShownAttachment } from './isShown.ts'
import { isLiveChannel, isPartyOf } from './liveRelation.ts'
import { stateAllows } from './stateAllows.ts'

/** What a download needs. `fileName` and `wrappedKey` are sealed. */
export type Download = {
  attachmentId: string
  fileName: Buffer
  cleanKey: string
  cleanBytes: number
  cleanContentType: string
  keyName: string
  wrappedKey: Buffer
}

/** Who downloads what: as a party of its channel, or under an audit. */
export type DownloadRef = { attachmentId: string; actorId: string; auditId?: string }

/**
 * Decides and records who reads what, in one statement (laws 1 and 11); commit it before the first byte is sent. Null when the actor may
 * not download it now. It holds the row until then: whoever withdraws the file waits for the downloads that were let begin, and finds them
 * all in the log.
 */
export const recordDownload = ({ db, districtId }: DistrictTransaction, ref: DownloadRef): Promise<Download | null> =>
  findRow(
    db,
    sql<Download>`
      with granted as (
        select a.id as "attachmentId", a.file_name as "fileName", a.clean_key as "cleanKey", a.clean_bytes as "cleanBytes",
          a.clean_content_type as "cleanContentType", k.key_name as "keyName", k.wrapped as "wrappedKey"
        from attachments a
        join keys.object_keys k on k.district_id = a.district_id and k.object_key = a.clean_key
        where ${mayDownload(districtId, ref)}
        for share of a),
      recorded as (
        insert into audit_entries (district_id, id, actor_kind, actor, action, target_kind, target, details)
        select ${districtId}::uuid, ${newId()}::uuid, 'user', ${ref.actorId}, 'attachment.download', 'attachment', ${ref.attachmentId},
          ${JSON.stringify(ref.auditId === undefined ? {} : { auditId: ref.auditId })}::jsonb
        from granted
        returning id)
      select granted.* from granted, recorded`,
  )

/** Whether a download that runs may go on: asked again every few megabytes or seconds. */
export const mayStillDownload = async ({ db, districtId }: DistrictTransaction, ref: DownloadRef): Promise<boolean> =>
  (await findRow(db, sql<{ id: string }>`select a.id from attachments a where ${mayDownload(districtId, ref)}`)) !== null

/** Over `attachments a`: clean, and shown to the actor in a channel of theirs that the live roster connects, or posted and read under an open audit. */
const mayDownload = (districtId: string, { attachmentId, actorId, auditId }: DownloadRef): RawBuilder<boolean> => sql`
  a.district_id = ${districtId} and a.id = ${attachmentId} and ${stateAllows('a', 'download')} and ${
    auditId === undefined
      ? isShownToParty(districtId, actorId)
      : sql`a.message_id is not null and ${isAuditOpen(districtId, { auditId, auditorId: actorId })}`
  }`

const isShownToParty = (districtId: string, actorId: string): RawBuilder<boolean> => sql`exists (
    select 1 from channels c where c.district_id = a.district_id and c.id = a.channel_id
      and ${isPartyOf('c', actorId)} and ${isLiveChannel(districtId, 'c', 'attachments')} and ${isShownAttachment('a', 'c', actorId)})`
