import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'
import { attachmentColumns } from './attachmentRow.ts'
import { standingColumn, toAttachmentFacts } from './attachmentFacts.ts'
import type { AttachmentFacts, AttachmentFactsRow } from './attachmentFacts.ts'

/** Null when the district has no such attachment: to be answered like one that is hidden (law 3). */
export const findAttachment = async (
  tx: DistrictTransaction,
  { attachmentId, actorId }: { attachmentId: string; actorId: string },
): Promise<AttachmentFacts | null> => {
  const row = await findRow(
    tx.db,
    sql<AttachmentFactsRow>`
      select ${attachmentColumns('a')}, ${standingColumn(tx.districtId, actorId)}
      from attachments a
      where a.district_id = ${tx.districtId} and a.id = ${attachmentId}`,
  )
  return row && toAttachmentFacts(row, actorId)
}
