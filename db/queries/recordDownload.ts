import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import { v7 as newId } from 'uuid'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'
import { isAuditOpen } from './isAuditOpen.ts'
import { isReportedWith, isReportOpenTo } from './isReportOpenTo.ts'
import { isSeenAttachment } from './isSeenAttachment.ts'
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

/** Who downloads what: as somebody who sees it, under an audit, or because it was reported. */
export type DownloadRef = { attachmentId: string; actorId: string; auditId?: string; reportId?: string }

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
          ${JSON.stringify(toReason(ref))}::jsonb
        from granted
        returning id)
      select granted.* from granted, recorded`,
  )

/** Whether a download that runs may go on: asked again every few megabytes or seconds. */
export const mayStillDownload = async ({ db, districtId }: DistrictTransaction, ref: DownloadRef): Promise<boolean> =>
  (await findRow(db, sql<{ id: string }>`select a.id from attachments a where ${mayDownload(districtId, ref)}`)) !== null

const toReason = ({ auditId, reportId }: DownloadRef): Record<string, string> => ({
  ...(auditId === undefined ? {} : { auditId }),
  ...(reportId === undefined ? {} : { reportId }),
})

/** Over `attachments a`: clean, and shown to the actor by one of the three. */
const mayDownload = (districtId: string, ref: DownloadRef): RawBuilder<boolean> => sql`
  a.district_id = ${districtId} and a.id = ${ref.attachmentId} and ${stateAllows('a', 'download')} and ${isOpenTo(districtId, ref)}`

/** Seen by the actor now, by the live roster; or posted, and read under an open audit or with what was reported. */
const isOpenTo = (districtId: string, { actorId, auditId, reportId }: DownloadRef): RawBuilder<boolean> => {
  if (auditId !== undefined)
    return sql`(a.message_id is not null or a.announcement_id is not null) and ${isAuditOpen(districtId, { auditId, auditorId: actorId })}`
  if (reportId !== undefined) return isReportOpenTo(districtId, { reportId, viewerId: actorId }, isReportedWith)
  return isSeenAttachment(districtId, 'a', actorId)
}
