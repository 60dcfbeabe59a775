import { defineEntity, p } from '@mikro-orm/core'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall } from '../districtPolicies.ts'

const properties = {
  districtId: p.uuid().primary(),
  channelId: p.uuid().primary(),
  /** 1, 2, 3 … in a channel. */
  seq: p.integer().primary(),
  id: p.uuid(),
  authorId: p.uuid(),
  /** Sealed (`sealField`, row = `id`). */
  body: p.blob(),
  createdAt: p.datetime(),
  /** By the channel's teacher, who may show it again. */
  hiddenAt: p.datetime().nullable(),
  hiddenBy: p.uuid().nullable(),
  /** By its author, for good. */
  withdrawnAt: p.datetime().nullable(),
  /** How many others had read as far when it was withdrawn. */
  withdrawnAfterReaders: p.integer().nullable(),
  /** Its author was asked whether they mean to post it, and did. */
  wasNudged: p.boolean().default(false),
  /** As it was found, or taken to be, when it was posted; as the translator names them (`domain/translation/languages.ts`). */
  language: p.text().default('en'),
}

export const messageClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  channelId: 'internal',
  seq: 'internal',
  id: 'internal',
  authorId: 'internal',
  body: 'ugc',
  createdAt: 'internal',
  hiddenAt: 'internal',
  hiddenBy: 'internal',
  withdrawnAt: 'internal',
  withdrawnAfterReaders: 'internal',
  wasNudged: 'internal',
  language: 'internal',
}

export const MessageSchema = defineEntity({
  name: 'Message',
  tableName: 'messages',
  ...districtWall,
  properties,
  checks: [
    { name: 'messages_hidden_by_somebody', expression: '(hidden_at is null) = (hidden_by is null)' },
    { name: 'messages_withdrawn_is_counted', expression: '(withdrawn_at is null) = (withdrawn_after_readers is null)' },
  ],
  indexes: [
    { name: 'messages_not_shown', properties: ['districtId', 'channelId'], where: 'hidden_at is not null or withdrawn_at is not null' },
    { name: 'messages_nudged', properties: ['districtId', 'channelId'], where: 'was_nudged' },
  ],
  uniques: [{ name: 'messages_id_unique', properties: ['districtId', 'id'] }],
})
export class Message extends MessageSchema.class {}
MessageSchema.setClass(Message)
