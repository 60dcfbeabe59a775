import { defineEntity, p } from '@mikro-orm/core'
import { noticeKinds } from '../../domain/notices/noticeKinds.ts'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall } from '../districtPolicies.ts'

const properties = {
  districtId: p.uuid().primary(),
  id: p.uuid().primary(),
  userId: p.uuid(),
  kind: p.enum(() => noticeKinds),
  /** Where it is: in a channel or in a section. */
  channelId: p.uuid().nullable(),
  sectionId: p.uuid().nullable(),
  /** The message, or the announcement. */
  subjectId: p.uuid(),
  /** Which batch of the person's notifications is about it. */
  batch: p.integer(),
  /** Which notification of the batch told of it; null while none has. */
  toldIn: p.integer().nullable(),
  createdAt: p.datetime(),
  /** When the person set it aside; reading what it is about does as well, and is not written here. */
  seenAt: p.datetime().nullable(),
}

export const noticeClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  id: 'internal',
  userId: 'internal',
  kind: 'internal',
  channelId: 'internal',
  sectionId: 'internal',
  subjectId: 'internal',
  batch: 'internal',
  toldIn: 'internal',
  createdAt: 'internal',
  seenAt: 'internal',
}

/** That there is something new for one person: exactly one for each person and thing, without a word of it. */
export const NoticeSchema = defineEntity({
  name: 'Notice',
  tableName: 'notices',
  ...districtWall,
  properties,
  checks: [{ name: 'notices_have_one_place', expression: 'num_nonnulls(channel_id, section_id) = 1' }],
  uniques: [{ name: 'notices_once', properties: ['districtId', 'userId', 'kind', 'subjectId'] }],
  indexes: [
    { name: 'notices_of_batch', properties: ['districtId', 'userId', 'batch'] },
    { name: 'notices_by_age', properties: ['districtId', 'createdAt'] },
  ],
})
export class Notice extends NoticeSchema.class {}
NoticeSchema.setClass(Notice)
