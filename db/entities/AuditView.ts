import { defineEntity, p } from '@mikro-orm/core'
import { auditActs } from '../../domain/audit.ts'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall } from '../districtPolicies.ts'

const properties = {
  districtId: p.uuid().primary(),
  id: p.uuid().primary(),
  auditId: p.uuid(),
  act: p.enum(() => auditActs),
  /** What was read; null of a search. */
  channelId: p.uuid().nullable(),
  attachmentId: p.uuid().nullable(),
  announcementId: p.uuid().nullable(),
  /** What was asked for: ids, times and yes or no. */
  filters: p.json<Record<string, string | number | boolean>>(),
  /** How many conversations were found, or messages shown. */
  itemCount: p.integer(),
  at: p.datetime(),
}

export const auditViewClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  id: 'internal',
  auditId: 'internal',
  act: 'internal',
  channelId: 'internal',
  attachmentId: 'internal',
  announcementId: 'internal',
  filters: 'internal',
  itemCount: 'internal',
  at: 'internal',
}

/** One look of an auditor: committed with it, and shown to the district. */
export const AuditViewSchema = defineEntity({
  name: 'AuditView',
  tableName: 'audit_views',
  ...districtWall,
  properties,
  indexes: [
    { name: 'audit_views_of_audit', properties: ['districtId', 'auditId', 'id'] },
    { name: 'audit_views_of_channel', properties: ['districtId', 'channelId', 'id'], where: 'channel_id is not null' },
  ],
})
export class AuditView extends AuditViewSchema.class {}
AuditViewSchema.setClass(AuditView)
