import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import { toTime, toTimeOrNull } from '../rows.ts'

/** An entry of the outbox: what is, or was, to be started. */
export type OutboxEntry = {
  districtId: string
  outboxId: string
  workflowType: string
  workflowId: string
  taskQueue: string
  input: Record<string, string | number>
  createdAt: Date
  /** Until then the relay leaves it alone. */
  claimedUntil: Date | null
  startedAt: Date | null
  /** How many times the relay claimed it. */
  attempts: number
  lastErrorCode: string | null
}

type Times = 'createdAt' | 'claimedUntil' | 'startedAt'
/** What `outboxColumns` selects, as the driver gives it. */
export type OutboxRow = Omit<OutboxEntry, Times> & { createdAt: string; claimedUntil: string | null; startedAt: string | null }

/** The columns of an `OutboxEntry`, of a table or alias `outbox`. */
export const outboxColumns: RawBuilder<unknown> = sql`outbox.district_id as "districtId", outbox.id as "outboxId",
  outbox.workflow_type as "workflowType", outbox.workflow_id as "workflowId", outbox.task_queue as "taskQueue", outbox.input,
  outbox.created_at as "createdAt", outbox.claimed_until as "claimedUntil", outbox.started_at as "startedAt", outbox.attempts,
  outbox.last_error_code as "lastErrorCode"`

export const toOutboxEntry = (row: OutboxRow): OutboxEntry => ({
  ...row,
  createdAt: toTime(row.createdAt),
  claimedUntil: toTimeOrNull(row.claimedUntil),
  startedAt: toTimeOrNull(row.startedAt),
})
