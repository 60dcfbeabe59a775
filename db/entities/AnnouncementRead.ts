import { defineEntity, p } from '@mikro-orm/core'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall } from '../districtPolicies.ts'

const properties = {
  districtId: p.uuid().primary(),
  sectionId: p.uuid().primary(),
  userId: p.uuid().primary(),
  /** The numbers that were read, as ranges: `{[1,41),[43,44)}` is all up to 40, and 43. */
  seqs: p.string().columnType('int4multirange'),
  readAt: p.datetime(),
}

export const announcementReadClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  sectionId: 'internal',
  userId: 'internal',
  seqs: 'internal',
  readAt: 'internal',
}

/** Which announcements of a section a person has read: one row, however many there are, written when the person reads and not before. */
export const AnnouncementReadSchema = defineEntity({
  name: 'AnnouncementRead',
  tableName: 'announcement_reads',
  ...districtWall,
  properties,
})
export class AnnouncementRead extends AnnouncementReadSchema.class {}
AnnouncementReadSchema.setClass(AnnouncementRead)
