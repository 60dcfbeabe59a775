import { defineEntity, p } from '@mikro-orm/core'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall } from '../districtPolicies.ts'

const properties = {
  districtId: p.uuid().primary(),
  channelId: p.uuid().primary(),
  userId: p.uuid().primary(),
  /** Everything up to this number is read; it only grows. */
  seq: p.integer(),
  readAt: p.datetime(),
}

export const readMarkClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  channelId: 'internal',
  userId: 'internal',
  seq: 'internal',
  readAt: 'internal',
}

/** Up to where a person has read a channel. */
export const ReadMarkSchema = defineEntity({ name: 'ReadMark', tableName: 'read_marks', ...districtWall, properties })
export class ReadMark extends ReadMarkSchema.class {}
ReadMarkSchema.setClass(ReadMark)
