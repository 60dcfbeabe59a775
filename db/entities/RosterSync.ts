import { defineEntity, p } from '@mikro-orm/core'
import type { ColumnClasses } from '../columnClasses.ts'
import { barOncall, districtWall, windowFor } from '../districtPolicies.ts'

export const syncOrigins = ['upload', 'pull', 'operator'] as const
export type SyncOrigin = (typeof syncOrigins)[number]

/** `stale`: newer sources had spoken for all of it. `expired`: the feed never arrived. */
export const syncStates = [
  'awaiting-upload',
  'queued',
  'running',
  'applied',
  'unchanged',
  'partly-applied',
  'previewed',
  'unreadable',
  'stale',
  'failed',
  'expired',
] as const
export type SyncState = (typeof syncStates)[number]

export const authorKinds = ['person', 'client', 'schedule', 'operator'] as const
export type AuthorKind = (typeof authorKinds)[number]

/** `approving` and `discarding`: decided, and not yet in effect. `lifted`: later sources named or ended all of it, and nobody had to decide. */
export const removalStates = ['waiting', 'approving', 'approved', 'discarding', 'discarded', 'lifted'] as const
export type RemovalState = (typeof removalStates)[number]

const properties = {
  districtId: p.uuid().primary(),
  id: p.uuid().primary(),
  origin: p.enum(() => syncOrigins),
  state: p.enum(() => syncStates),
  isDryRun: p.boolean().default(false),
  /** Which run works on it (law 5). */
  attempt: p.integer().default(1),
  /** How new what it says is: when the upload was asked for, or the pull began. The newest source wins. Null until then. */
  sourceAt: p.datetime().nullable(),
  objectKey: p.text(),
  /** Pinned once the feed has arrived: what is applied is what was looked at. */
  objectVersionId: p.text().nullable(),
  bytes: p.bigint('number').nullable(),
  authorKind: p.enum(() => authorKinds),
  /** An id of ours: the person’s, the client’s, or the pull’s. */
  author: p.text(),
  createdAt: p.datetime().defaultRaw('now()'),
  ticketExpiresAt: p.datetime().nullable(),
  queuedAt: p.datetime().nullable(),
  startedAt: p.datetime().nullable(),
  endedAt: p.datetime().nullable(),
  /** The last version that it made; null when it changed nothing. */
  rosterVersion: p.bigint('number').nullable(),
  feedVersion: p.text().nullable(),
  /** Why nothing was applied: a code of `domain/roster/unreadable.ts`, or the type of our own fault. */
  faultCode: p.text().nullable(),
  faultFile: p.text().nullable(),
  faultLine: p.integer().nullable(),
  faultColumn: p.integer().nullable(),
  rejectCount: p.integer().default(0),
  /** The object with the rejects, as CSV. */
  rejectsKey: p.text().nullable(),
  /** The object with what a dry run would have changed, as CSV. */
  changesKey: p.text().nullable(),
  /** How many pairs of people it parted, or would have. */
  endingCount: p.integer().default(0),
  /** What became of the removals that the brake held; null when it held none. */
  removals: p.enum(() => removalStates).nullable(),
  decidedAt: p.datetime().nullable(),
  decidedBy: p.uuid().nullable(),
  escalatedAt: p.datetime().nullable(),
}

export const rosterSyncClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  id: 'internal',
  origin: 'internal',
  state: 'internal',
  isDryRun: 'internal',
  attempt: 'internal',
  sourceAt: 'internal',
  objectKey: 'internal',
  objectVersionId: 'internal',
  bytes: 'internal',
  authorKind: 'internal',
  author: 'internal',
  createdAt: 'internal',
  ticketExpiresAt: 'internal',
  queuedAt: 'internal',
  startedAt: 'internal',
  endedAt: 'internal',
  rosterVersion: 'internal',
  feedVersion: 'internal',
  faultCode: 'internal',
  faultFile: 'internal',
  faultLine: 'internal',
  faultColumn: 'internal',
  rejectCount: 'internal',
  rejectsKey: 'internal',
  changesKey: 'internal',
  endingCount: 'internal',
  removals: 'internal',
  decidedAt: 'internal',
  decidedBy: 'internal',
  escalatedAt: 'internal',
}

/** One feed of a district, from its upload to what became of it. */
export const RosterSyncSchema = defineEntity({
  name: 'RosterSync',
  tableName: 'roster_syncs',
  ...districtWall,
  policies: [
    ...districtWall.policies,
    windowFor('hallpass_sweeper', 'select'),
    windowFor('hallpass_oncall', 'select'),
    barOncall('oncall_brings_on', 'update', {
      using: `state in ('queued', 'running', 'failed') or removals = 'waiting'`,
      check: `(state = 'queued' and removals is null) or (state = 'partly-applied' and removals = 'discarding')`,
    }),
  ],
  properties,
  indexes: [
    { name: 'roster_syncs_newest', properties: ['districtId', 'createdAt', 'id'] },
    { name: 'roster_syncs_open', properties: ['districtId', 'queuedAt', 'id'], where: "state in ('queued', 'running')" },
    { name: 'roster_syncs_unended', properties: ['id'], where: "state in ('awaiting-upload', 'queued', 'running')" },
    { name: 'roster_syncs_by_id', properties: ['id'] },
    { name: 'roster_syncs_waiting', properties: ['queuedAt'], where: "state in ('queued', 'running')" },
    { name: 'roster_syncs_failed', properties: ['endedAt'], where: `state = 'failed'` },
    { name: 'roster_syncs_unreadable', properties: ['endedAt'], where: `state = 'unreadable'` },
    { name: 'roster_syncs_held', properties: ['endedAt'], where: "removals in ('waiting', 'approving', 'discarding')" },
    {
      name: 'roster_syncs_succeeded',
      properties: ['districtId', 'endedAt'],
      where: "state in ('applied', 'unchanged', 'partly-applied') and not is_dry_run",
    },
  ],
})
export class RosterSync extends RosterSyncSchema.class {}
RosterSyncSchema.setClass(RosterSync)
