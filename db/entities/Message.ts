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
}

export const messageClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  channelId: 'internal',
  seq: 'internal',
  id: 'internal',
  authorId: 'internal',
  body: 'ugc',
  createdAt: 'internal',
}

export const MessageSchema = defineEntity({
  name: 'Message',
  tableName: 'messages',
  ...districtWall,
  properties,
  uniques: [{ name: 'messages_id_unique', properties: ['districtId', 'id'] }],
})
export class Message extends MessageSchema.class {}
MessageSchema.setClass(Message)
