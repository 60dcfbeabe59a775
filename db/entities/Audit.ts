import { defineEntity, p } from '@mikro-orm/core'
import { auditPurposes } from '../../domain/audit.ts'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall } from '../districtPolicies.ts'

const properties = {
  districtId: p.uuid().primary(),
  id: p.uuid().primary(),
  auditorId: p.uuid(),
  /** In the auditor's own words. */
  reason: p.text(),
  openedAt: p.datetime(),
  /** Exclusive: nothing is read under it any more. */
  endsAt: p.datetime(),
  purpose: p.enum(() => auditPurposes).default('investigation'),
}

export const auditClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  id: 'internal',
  auditorId: 'internal',
  reason: 'pii',
  openedAt: 'internal',
  endsAt: 'internal',
  purpose: 'internal',
}

/** Under which somebody of the district reads conversations that are not theirs, and why. */
export const AuditSchema = defineEntity({ name: 'Audit', tableName: 'audits', ...districtWall, properties })
export class Audit extends AuditSchema.class {}
AuditSchema.setClass(Audit)
