import { sql } from 'kysely'
import type { AttachmentState, RefusalReason, Verdict } from '../../domain/attachment.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'
import { hasPlaceOf } from './isSeenAttachment.ts'

/** `email` is sealed for the row of `uploaderId` in `users`. */
export type UploaderToTell = {
  uploaderId: string
  email: Buffer | null
  state: AttachmentState
  verdict: Verdict | null
  refusalReason: RefusalReason | null
  /** It was clean once, and people may have opened it. */
  isWithdrawn: boolean
}

/** Who may be told, now, how an attachment ended: its uploader, active, while the roster still gives them where they sent it (law 1). Null otherwise. */
export const findUploaderToTell = (tx: DistrictTransaction, attachmentId: string): Promise<UploaderToTell | null> =>
  findRow(
    tx.db,
    sql<UploaderToTell>`
      select a.uploader_id as "uploaderId", u.email, a.state, a.verdict, a.refusal_reason as "refusalReason",
        a.withdrawn_by is not null as "isWithdrawn"
      from attachments a
      join users u on u.district_id = a.district_id and u.id = a.uploader_id
      where a.district_id = ${tx.districtId} and a.id = ${attachmentId} and u.is_active and ${hasPlaceOf(tx.districtId, 'a', sql`a.uploader_id`)}`,
  )
