import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { AttachmentStanding, Relation } from '../../domain/access.ts'
import { toAttachment } from './attachmentRow.ts'
import type { AttachmentRecord, AttachmentRow } from './attachmentRow.ts'
import { isSeenAttachment } from './isSeenAttachment.ts'

/** An attachment and what decides over it (`decideAttachment`), read in one statement. */
export type AttachmentFacts = { attachment: AttachmentRecord; relation: Relation; standing: AttachmentStanding }

/** The column that `toAttachmentFacts` needs beside `attachmentColumns`, where `a` is the attachment. */
export const standingColumn = (districtId: string, actorId: string): RawBuilder<unknown> =>
  sql`${isSeenAttachment(districtId, 'a', actorId)} as "isSeen"`

export type AttachmentFactsRow = AttachmentRow & { isSeen: boolean }

/** Who does not see it is a stranger to it, whatever the roster says of them. */
export const toAttachmentFacts = ({ isSeen, ...row }: AttachmentFactsRow, actorId: string): AttachmentFacts => {
  const attachment = toAttachment(row)
  if (!isSeen) return { attachment, relation: 'stranger', standing: 'none' }
  return { attachment, relation: 'rostered', standing: attachment.uploaderId === actorId ? 'uploader' : 'audience' }
}
