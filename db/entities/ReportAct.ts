import { defineEntity, p } from '@mikro-orm/core'
import { reportActs } from '../../domain/report.ts'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall } from '../districtPolicies.ts'

const properties = {
  districtId: p.uuid().primary(),
  id: p.uuid().primary(),
  reportId: p.uuid(),
  act: p.enum(() => reportActs),
  /** Null of what the words of a message did. */
  actorId: p.uuid().nullable(),
  /** Why it was decided so, in the words of who decided. */
  note: p.text().nullable(),
  at: p.datetime(),
}

export const reportActClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  id: 'internal',
  reportId: 'internal',
  act: 'internal',
  actorId: 'internal',
  note: 'pii',
  at: 'internal',
}

/** What became of a report, and every look at it: committed with it. */
export const ReportActSchema = defineEntity({
  name: 'ReportAct',
  tableName: 'report_acts',
  ...districtWall,
  properties,
  indexes: [{ name: 'report_acts_of_report', properties: ['districtId', 'reportId', 'id'] }],
})
export class ReportActRow extends ReportActSchema.class {}
ReportActSchema.setClass(ReportActRow)
