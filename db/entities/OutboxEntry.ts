import { defineEntity, p } from '@mikro-orm/core'
import type { ColumnClasses } from '../columnClasses.ts'
import { barOncall, districtWall, windowFor } from '../districtPolicies.ts'

const properties = {
  districtId: p.uuid().primary(),
  id: p.uuid().primary(),
  workflowType: p.text(),
  /** What the run works on and which attempt: starting twice is starting once (law 5). */
  workflowId: p.text(),
  taskQueue: p.text(),
  /** Ids and counts only (law 7). */
  input: p.json<Record<string, string | number>>(),
  /** Where in a trace the run was asked for, as W3C Trace Context writes it; null when nothing was traced. */
  traceParent: p.text().nullable(),
  createdAt: p.datetime().defaultRaw('now()'),
  /** Until then another relay leaves it alone. */
  claimedUntil: p.datetime().nullable(),
  startedAt: p.datetime().nullable(),
  attempts: p.integer().default(0),
  lastErrorCode: p.text().nullable(),
}

export const outboxEntryClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  id: 'internal',
  workflowType: 'internal',
  workflowId: 'internal',
  taskQueue: 'internal',
  input: 'internal',
  traceParent: 'internal',
  createdAt: 'internal',
  claimedUntil: 'internal',
  startedAt: 'internal',
  attempts: 'internal',
  lastErrorCode: 'internal',
}

/** A workflow to start, committed together with the row that asks for it. */
export const OutboxEntrySchema = defineEntity({
  name: 'OutboxEntry',
  tableName: 'outbox',
  ...districtWall,
  policies: [
    ...districtWall.policies,
    windowFor('hallpass_relay', 'select'),
    windowFor('hallpass_relay', 'update'),
    windowFor('hallpass_oncall', 'select'),
    barOncall('oncall_asks_for_runs', 'insert', {
      check: `workflow_type in ('scanAttachment', 'syncRoster', 'translateMessage') and claimed_until is null and started_at is null`,
    }),
    barOncall('oncall_frees', 'update', { using: 'true', check: 'claimed_until is null' }),
  ],
  properties,
  uniques: [{ name: 'outbox_workflow_id_unique', properties: ['districtId', 'workflowId'] }],
  checks: [{ name: 'outbox_trace_parent_check', expression: `trace_parent ~ '^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$'` }],
  indexes: [
    { name: 'outbox_waiting', properties: ['createdAt'], where: 'started_at is null' },
    { name: 'outbox_started', properties: ['districtId', 'startedAt'], where: 'started_at is not null' },
  ],
})
export class OutboxEntry extends OutboxEntrySchema.class {}
OutboxEntrySchema.setClass(OutboxEntry)
