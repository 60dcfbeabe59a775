import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { AttachmentStanding, Relation } from '../../domain/access.ts'
import { toAttachment } from './attachmentRow.ts'
import type { AttachmentRecord, AttachmentRow } from './attachmentRow.ts'
import { toRelation } from './findChannel.ts'
import { isShownAttachment } from './isShown.ts'
import { isLiveChannel, isPartyOf } from './liveRelation.ts'

/** An attachment and what decides over it (`decideAttachment`), read in one statement. */
export type AttachmentFacts = { attachment: AttachmentRecord; relation: Relation; standing: AttachmentStanding }

/** The columns that `toAttachmentFacts` needs beside `attachmentColumns`, where `a` is the attachment and `c` its channel. */
export const standingColumns = (districtId: string, actorId: string): RawBuilder<unknown> =>
  sql`${isPartyOf('c', actorId)} as "isParty", ${isLiveChannel(districtId, 'c', 'attachments')} as "isLive", ${isShownAttachment('a', 'c', actorId)} as "isShown"`

export type AttachmentFactsRow = AttachmentRow & { isParty: boolean; isLive: boolean; isShown: boolean }

/** An attachment is visible exactly as its message is; before that, to its uploader alone. */
export const toAttachmentFacts = ({ isParty, isLive, isShown, ...row }: AttachmentFactsRow, actorId: string): AttachmentFacts => {
  const attachment = toAttachment(row)
  const shownStanding = attachment.uploaderId === actorId ? 'uploader' : 'audience'
  const standing = isParty && isShown ? shownStanding : 'none'
  return { attachment, relation: toRelation({ isParty, isLive }), standing }
}
