import type { ColumnCipher } from '../../db/districtKeys.ts'
import type { DistrictTransaction } from '../../db/openDatabase.ts'
import type { AttachmentRecord } from '../../db/queries/attachmentRow.ts'
import { findAttachment } from '../../db/queries/findAttachment.ts'
import { decideAttachment, type AttachmentAccessAction } from '../../domain/access.ts'
import type { Actor } from '../apiEnv.ts'
import { hidden, requireAllowed } from '../requireAllowed.ts'
import type { AttachmentView } from '../schemas/attachmentSchema.ts'
import { toAttachmentView } from './toAttachmentView.ts'

/**
 * The attachment, if the actor may do `action` with it by the roster of this snapshot.
 * @throws {Refusal} the uniform 404, or 403 for what others may see but only the uploader may do.
 */
export const requireAttachment = async (
  tx: DistrictTransaction,
  actor: Actor,
  attachmentId: string,
  action: AttachmentAccessAction,
): Promise<AttachmentRecord> => {
  const facts = await findAttachment(tx, { attachmentId, actorId: actor.userId })
  if (facts === null) throw hidden()
  requireAllowed(decideAttachment(facts, action))
  return facts.attachment
}

/** As `requireAttachment` for reading, shown to the one who asks. */
export const loadAttachment = async (
  tx: DistrictTransaction,
  cipher: ColumnCipher,
  actor: Actor,
  attachmentId: string,
): Promise<AttachmentView> => toAttachmentView(cipher, await requireAttachment(tx, actor, attachmentId, 'attachment.read'), actor.userId)
