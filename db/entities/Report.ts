import { defineEntity, p } from '@mikro-orm/core'
import { reportCategories, reportOrigins, reportStates } from '../../domain/report.ts'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall } from '../districtPolicies.ts'

const properties = {
  districtId: p.uuid().primary(),
  id: p.uuid().primary(),
  origin: p.enum(() => reportOrigins),
  /** Null of what the words of a message raised. */
  reporterId: p.uuid().nullable(),
  /** The reported message, or the one that the reported file is posted with, and its channel; both null of an announcement. */
  channelId: p.uuid().nullable(),
  messageId: p.uuid().nullable(),
  attachmentId: p.uuid().nullable(),
  /** Whose message, announcement or file it is: they see nothing of the report, whatever they may do. */
  authorId: p.uuid(),
  category: p.enum(() => reportCategories),
  state: p.enum(() => reportStates),
  /** Which run sees to it that somebody looks: one more with every reopening. */
  attempt: p.integer(),
  createdAt: p.datetime(),
  /** The reported announcement, or the one that the reported file is posted with; null of a message. */
  announcementId: p.uuid().nullable(),
}

export const reportClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  id: 'internal',
  origin: 'internal',
  reporterId: 'internal',
  channelId: 'internal',
  messageId: 'internal',
  attachmentId: 'internal',
  authorId: 'internal',
  category: 'internal',
  state: 'internal',
  attempt: 'internal',
  createdAt: 'internal',
  announcementId: 'internal',
}

/** Something that the people whom the district names for it have to look at. */
export const ReportSchema = defineEntity({
  name: 'Report',
  tableName: 'reports',
  ...districtWall,
  properties,
  checks: [
    { name: 'reports_person_reports', expression: `(origin = 'person') = (reporter_id is not null)` },
    {
      name: 'reports_of_one_text',
      expression: '(message_id is null) <> (announcement_id is null) and (channel_id is null) = (message_id is null)',
    },
  ],
  uniques: [
    { name: 'reports_of_message', properties: ['districtId', 'messageId', 'reporterId'], where: 'attachment_id is null' },
    {
      name: 'reports_of_announcement',
      properties: ['districtId', 'announcementId', 'reporterId'],
      where: 'attachment_id is null and announcement_id is not null',
    },
    { name: 'reports_of_attachment', properties: ['districtId', 'attachmentId', 'reporterId'], where: 'attachment_id is not null' },
  ],
  indexes: [
    { name: 'reports_of_state', properties: ['districtId', 'state', 'id'] },
    { name: 'reports_of_channel', properties: ['districtId', 'channelId', 'authorId'] },
    {
      name: 'reports_about_announcement',
      properties: ['districtId', 'announcementId', 'authorId'],
      where: 'announcement_id is not null',
    },
  ],
})
export class Report extends ReportSchema.class {}
ReportSchema.setClass(Report)
