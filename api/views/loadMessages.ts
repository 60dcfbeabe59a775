import type { ColumnCipher } from '../../db/districtKeys.ts'
import type { DistrictTransaction } from '../../db/openDatabase.ts'
import { findMessage } from '../../db/queries/findMessage.ts'
import { decideMessage, type MessageAction } from '../../domain/access.ts'
import { toMessageState } from '../../domain/shownMessage.ts'
import { listMessages, type MessageRecord } from '../../db/queries/listMessages.ts'
import { listTranslations } from '../../db/queries/listTranslations.ts'
import type { ReadsAs } from '../../db/queries/readsAlong.ts'
import type { TranslationRecord } from '../../db/queries/translationRow.ts'
import { isSameLanguage, toTranslationLanguage } from '../../domain/translation/languages.ts'
import type { Actor } from '../apiEnv.ts'
import type { MessageWindow } from '../messageWindow.ts'
import { hidden, requireAllowed } from '../requireAllowed.ts'
import type { MessageView } from '../schemas/messageSchema.ts'
import { requireChannel } from './loadChannel.ts'
import { toAttachmentView } from './toAttachmentView.ts'
import { toTimeText } from './toTimeText.ts'
import { toTranslationViews } from './toTranslationView.ts'

/** A channel, who reads it, and what there is of it in the language that they prefer. */
type Reading = { channelId: string; viewerId: string; translations: readonly TranslationRecord[] }

const toMessageView = (cipher: ColumnCipher, { channelId, viewerId, translations }: Reading, message: MessageRecord): MessageView => ({
  id: message.id,
  channelId,
  seq: message.seq,
  authorId: message.authorId,
  language: message.language,
  text: message.body === null ? null : cipher.openText({ table: 'messages', rowId: message.id, column: 'body' }, message.body),
  translation: toTranslationViews(cipher, translations, message.id)[0] ?? null,
  state: toMessageState(message),
  hiddenAt: toTimeText(message.hiddenAt),
  withdrawnAt: toTimeText(message.withdrawnAt),
  withdrawnAfterReaders: message.withdrawnAfterReaders,
  createdAt: message.createdAt.toISOString(),
  attachments: message.attachments.map((attachment) => toAttachmentView(cipher, attachment, viewerId)),
})

/**
 * Messages of a channel, oldest first, decided and read in one snapshot. Call under `readDistrict`.
 * @throws {Refusal} the uniform 404 when the actor may not list them now.
 */
export const loadMessages = async (
  tx: DistrictTransaction,
  cipher: ColumnCipher,
  actor: Actor,
  channelId: string,
  window: MessageWindow,
): Promise<MessageView[]> => {
  const { as } = await requireChannel(tx, actor, channelId, 'message.list')
  const found = await listMessages(tx, { channelId, actorId: actor.userId, as, ...window })
  const translations = await findTranslations(tx, actor, { channelId, as }, found)
  const reading = { channelId, viewerId: actor.userId, translations }
  return found.toSorted((one, other) => one.seq - other.seq).map((message) => toMessageView(cipher, reading, message))
}

/** Of what others wrote in another language than the one that the actor prefers; nothing is asked where nothing is. */
const findTranslations = async (
  tx: DistrictTransaction,
  actor: Actor,
  place: { channelId: string; as: ReadsAs },
  messages: readonly MessageRecord[],
): Promise<TranslationRecord[]> => {
  const language = toTranslationLanguage(actor.preferredLanguage)
  if (language === null) return []
  const foreign = messages.filter((one) => one.body !== null && one.authorId !== actor.userId && !isSameLanguage(one.language, language))
  return listTranslations(tx, { ...place, actorId: actor.userId, messageIds: foreign.map(({ id }) => id), language })
}

/** As `loadMessages`, for one message by its id. */
export const loadMessage = async (tx: DistrictTransaction, cipher: ColumnCipher, actor: Actor, messageId: string): Promise<MessageView> => {
  const place = await findMessage(tx, { messageId, actorId: actor.userId })
  if (place === null) throw hidden()
  const [message] = await loadMessages(tx, cipher, actor, place.channelId, { after: place.seq - 1, limit: 1 })
  // A message that the reader does not see any more is followed by others.
  if (message?.id !== messageId) throw hidden()
  return message
}

/**
 * Requires that the actor may do `action` with the message by the roster of this snapshot.
 * @throws {Refusal} the uniform 404, or 403 for what the actor may read but not do.
 */
export const requireMessage = async (tx: DistrictTransaction, actor: Actor, messageId: string, action: MessageAction): Promise<void> => {
  const facts = await findMessage(tx, { messageId, actorId: actor.userId })
  if (facts === null) throw hidden()
  requireAllowed(decideMessage(facts, action))
}
