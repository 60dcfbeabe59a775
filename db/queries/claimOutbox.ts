import { sql } from 'kysely'
import type { Transaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'

/** One workflow that the relay has to start. */
export type ClaimedStart = {
  districtId: string
  outboxId: string
  workflowType: string
  workflowId: string
  taskQueue: string
  input: Record<string, string | number>
  /** Where in a trace it was asked for; null when nothing was traced. */
  traceParent: string | null
  /** How many claims there were, this one included. */
  attempts: number
}

/**
 * Claims up to `limit` entries that are older than `ageSeconds` and that no relay holds, oldest first, for `holdSeconds`. As the role
 * `relay`, in a transaction of its own: a relay that dies lets go when the deadline passes. Two relays never claim the same entry at once.
 */
export const claimOutbox = (tx: Transaction, claim: { limit: number; ageSeconds: number; holdSeconds: number }): Promise<ClaimedStart[]> =>
  findRows(
    tx.db,
    sql<ClaimedStart>`
      with due as (
        select district_id, id from outbox
        where started_at is null and created_at <= statement_timestamp() - make_interval(secs => ${claim.ageSeconds})
          and (claimed_until is null or claimed_until < statement_timestamp())
        order by created_at
        limit ${claim.limit}
        for update skip locked)
      update outbox
      set claimed_until = statement_timestamp() + make_interval(secs => ${claim.holdSeconds}), attempts = outbox.attempts + 1
      from due
      where outbox.district_id = due.district_id and outbox.id = due.id
      returning outbox.district_id as "districtId", outbox.id as "outboxId", outbox.workflow_type as "workflowType",
        outbox.workflow_id as "workflowId", outbox.task_queue as "taskQueue", outbox.input,
        outbox.trace_parent as "traceParent", outbox.attempts`,
  )
