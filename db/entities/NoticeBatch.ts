import { defineEntity, p } from '@mikro-orm/core'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall, windowFor } from '../districtPolicies.ts'

const properties = {
  districtId: p.uuid().primary(),
  userId: p.uuid().primary(),
  /** Counts the person's batches; each has a run of its own. */
  batch: p.integer(),
  isOpen: p.boolean(),
  /** Notices that came into it. A batch is closed only by a run that has seen them all. */
  noticed: p.integer(),
  openedAt: p.datetime(),
  /** Notifications that went out for it, and when the last did. */
  told: p.integer(),
  toldAt: p.datetime().nullable(),
  /** Which run of the batch sees to it (law 5). */
  attempt: p.integer().default(1),
  /** When it is to have looked again at the latest. */
  dueAt: p.datetime().defaultRaw('clock_timestamp()'),
}

export const noticeBatchClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  userId: 'internal',
  batch: 'internal',
  isOpen: 'internal',
  noticed: 'internal',
  openedAt: 'internal',
  told: 'internal',
  toldAt: 'internal',
  attempt: 'internal',
  dueAt: 'internal',
}

/** What one person is still to be notified of, together: the newest batch of each. */
export const NoticeBatchSchema = defineEntity({
  name: 'NoticeBatch',
  tableName: 'notice_batches',
  ...districtWall,
  policies: [...districtWall.policies, windowFor('hallpass_sweeper', 'select')],
  properties,
  indexes: [{ name: 'notice_batches_due', properties: ['dueAt'], where: 'is_open' }],
})
export class NoticeBatch extends NoticeBatchSchema.class {}
NoticeBatchSchema.setClass(NoticeBatch)
