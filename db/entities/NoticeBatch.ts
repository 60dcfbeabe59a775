import { defineEntity, p } from '@mikro-orm/core'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall } from '../districtPolicies.ts'

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
}

/** What one person is still to be notified of, together: the newest batch of each. */
export const NoticeBatchSchema = defineEntity({ name: 'NoticeBatch', tableName: 'notice_batches', ...districtWall, properties })
export class NoticeBatch extends NoticeBatchSchema.class {}
NoticeBatchSchema.setClass(NoticeBatch)
