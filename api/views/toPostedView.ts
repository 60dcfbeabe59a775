import type { Post, PostedMessage } from '../postOnce.ts'
import type { MessageView } from '../schemas/messageSchema.ts'

/** A message without files as its author sees it when it was posted just now: what `loadMessage` reads of it, without reading it. */
export const toPostedView = ({ actor, channelId, body, language }: Post, { seq, createdAt }: PostedMessage): MessageView => ({
  id: body.id,
  channelId,
  seq,
  authorId: actor.userId,
  language,
  text: body.text,
  translation: null,
  state: 'shown',
  hiddenAt: null,
  withdrawnAt: null,
  withdrawnAfterReaders: null,
  createdAt: createdAt.toISOString(),
  attachments: [],
})
