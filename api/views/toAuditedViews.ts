import type { ColumnCipher } from '../../db/districtKeys.ts'
import type { DistrictTransaction } from '../../db/openDatabase.ts'
import type { ChannelRecord } from '../../db/queries/channelRow.ts'
import { findPeople, getPerson } from '../../db/queries/findPeople.ts'
import type { AuditedMessage } from '../../db/queries/listAuditedMessages.ts'
import { listTranslationsOf } from '../../db/queries/listTranslationsOf.ts'
import type { AuditedChannelView, AuditedMessageView } from '../schemas/auditSchema.ts'
import { toOthersAttachmentView } from './toAttachmentView.ts'
import { toTimeText } from './toTimeText.ts'
import { toTranslationViews } from './toTranslationView.ts'

/** Conversations as the district reads them, with the names of their people. */
export const toAuditedChannelViews = async (tx: DistrictTransaction, channels: readonly ChannelRecord[]): Promise<AuditedChannelView[]> => {
  const people = await findPeople(
    tx,
    channels.flatMap(({ teacherId, participantId, studentId }) => [teacherId, participantId, studentId]),
  )
  const personOf = (id: string) => getPerson(people, id)
  return channels.map(({ id, teacherId, participantId, studentId, schoolYear, lastSeq, lastMessageAt }) => ({
    id,
    teacher: personOf(teacherId),
    participant: personOf(participantId),
    student: personOf(studentId),
    schoolYear,
    lastSeq,
    lastMessageAt: toTimeText(lastMessageAt),
  }))
}

/** Messages as the district reads them, with every translation of them. Of a file that is not clean it shows no more than anybody but its uploader sees. */
export const toAuditedMessageViews = async (
  tx: DistrictTransaction,
  cipher: ColumnCipher,
  channelId: string,
  messages: readonly AuditedMessage[],
): Promise<AuditedMessageView[]> => {
  const translations = await listTranslationsOf(tx, { messageIds: messages.map(({ id }) => id) })
  return messages.map((message) => ({
    id: message.id,
    channelId,
    seq: message.seq,
    authorId: message.authorId,
    language: message.language,
    text: cipher.openText({ table: 'messages', rowId: message.id, column: 'body' }, message.body),
    translations: toTranslationViews(cipher, translations, message.id),
    createdAt: message.createdAt.toISOString(),
    hiddenAt: toTimeText(message.hiddenAt),
    hiddenBy: message.hiddenBy,
    withdrawnAt: toTimeText(message.withdrawnAt),
    withdrawnAfterReaders: message.withdrawnAfterReaders,
    attachments: message.attachments.map((attachment) => toOthersAttachmentView(cipher, attachment)),
  }))
}
