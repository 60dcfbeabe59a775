import { defineEntity, p } from '@mikro-orm/core'
import { eventKinds } from '../../domain/eventKinds.ts'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall, windowFor } from '../districtPolicies.ts'

const properties = {
  districtId: p.uuid().primary(),
  id: p.uuid().primary(),
  /** The transaction that wrote it: it counts as new for whoever looked before that transaction had committed. */
  xact: p.bigint('number'),
  kind: p.enum(() => eventKinds),
  /** Where it happened: in a channel, in a section, or to one person. */
  channelId: p.uuid().nullable(),
  sectionId: p.uuid().nullable(),
  userId: p.uuid().nullable(),
  /** What it happened to: a message, an attachment, an announcement, a notice; of a read mark whose it is. */
  subjectId: p.uuid().nullable(),
  createdAt: p.datetime(),
}

export const eventClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  id: 'internal',
  xact: 'internal',
  kind: 'internal',
  channelId: 'internal',
  sectionId: 'internal',
  userId: 'internal',
  subjectId: 'internal',
  createdAt: 'internal',
}

/** That something happened which open clients should hear of, without any word of it; written with the act itself and kept for a day. */
export const EventSchema = defineEntity({
  name: 'Event',
  tableName: 'events',
  ...districtWall,
  policies: [...districtWall.policies, windowFor('hallpass_auth', 'select')],
  properties,
  checks: [{ name: 'events_have_one_place', expression: 'num_nonnulls(channel_id, section_id, user_id) = 1' }],
  indexes: [
    { name: 'events_by_xact', properties: ['xact'] },
    { name: 'events_of_channel', properties: ['districtId', 'channelId', 'xact'], where: 'channel_id is not null' },
    { name: 'events_of_section', properties: ['districtId', 'sectionId', 'xact'], where: 'section_id is not null' },
    { name: 'events_of_user', properties: ['districtId', 'userId', 'xact'], where: 'user_id is not null' },
    { name: 'events_by_age', properties: ['districtId', 'createdAt'] },
  ],
})
export class Event extends EventSchema.class {}
EventSchema.setClass(Event)
