import type { ColumnCipher } from '../../db/districtKeys.ts'
import type { AttachmentRecord } from '../../db/queries/attachmentRow.ts'
import { attachmentEnds, toOthersView, type AttachmentState } from '../../domain/attachment.ts'
import type { AttachmentView, OthersAttachmentView, OwnAttachmentView } from '../schemas/attachmentSchema.ts'

/** The name as it was given. */
export const openFileName = (cipher: ColumnCipher, attachment: AttachmentRecord): string =>
  cipher.openText({ table: 'attachments', rowId: attachment.id, column: 'file_name' }, attachment.fileName)

const toPlace = ({ channelId, sectionId, messageId, announcementId }: AttachmentRecord) => ({
  channelId,
  sectionId,
  messageId,
  announcementId,
})

/** What the uploader sees: everything that concerns them, the reason of a refusal too. */
export const toOwnAttachmentView = (cipher: ColumnCipher, attachment: AttachmentRecord): OwnAttachmentView => ({
  viewer: 'uploader',
  id: attachment.id,
  ...toPlace(attachment),
  state: attachment.state,
  verdict: attachment.verdict,
  refusalReason: attachment.refusalReason,
  fileName: openFileName(cipher, attachment),
  contentType: attachment.cleanContentType ?? attachment.contentType,
  bytes: attachment.cleanBytes ?? attachment.bytes,
  createdAt: attachment.createdAt.toISOString(),
})

/** What others see of a posted file: its name only once it is available. */
export const toOthersAttachmentView = (cipher: ColumnCipher, attachment: AttachmentRecord): OthersAttachmentView => {
  const state = toOthersView(attachment.state)
  const isAvailable = state === 'available'
  return {
    viewer: 'audience',
    id: attachment.id,
    ...toPlace(attachment),
    state,
    fileName: isAvailable ? openFileName(cipher, attachment) : null,
    contentType: isAvailable ? attachment.cleanContentType : null,
    bytes: isAvailable ? attachment.cleanBytes : null,
    createdAt: attachment.createdAt.toISOString(),
  }
}

/** Shows an attachment that was decided in the same transaction to the one who asks. */
export const toAttachmentView = (cipher: ColumnCipher, attachment: AttachmentRecord, viewerId: string): AttachmentView => {
  if (attachment.uploaderId === viewerId) return toOwnAttachmentView(cipher, attachment)
  if (attachment.messageId === null && attachment.announcementId === null)
    throw new Error('only its uploader sees an attachment that was not posted')
  return toOthersAttachmentView(cipher, attachment)
}

/** Whether no workflow will move the attachment any more. */
export const isEndState = (state: AttachmentState): boolean => (attachmentEnds as readonly AttachmentState[]).includes(state)
