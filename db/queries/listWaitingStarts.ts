import { sql } from 'kysely'
import type { Transaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'
import { outboxColumns, toOutboxEntry, type OutboxEntry, type OutboxRow } from './outboxRow.ts'

export type WaitingFilter = {
  /** One entry: its own id, or its workflow's. */
  id: string | null
  /** Only what was asked for in so many last seconds; null for all. */
  sinceSeconds: number | null
  /** Only what waits for at least so many seconds. */
  olderThanSeconds: number
  limit: number
}

/** What is asked for and not started, oldest first. As the role `oncall`. */
export const listWaitingStarts = async ({ db }: Transaction, filter: WaitingFilter): Promise<OutboxEntry[]> => {
  const { id, sinceSeconds, olderThanSeconds, limit } = filter
  const rows = await findRows(
    db,
    sql<OutboxRow>`
      select ${outboxColumns} from outbox
      where started_at is null and created_at <= statement_timestamp() - make_interval(secs => ${olderThanSeconds}::float8)
        and (${sinceSeconds}::float8 is null or created_at >= statement_timestamp() - make_interval(secs => ${sinceSeconds}::float8))
        and (${id}::text is null or workflow_id = ${id} or id::text = ${id})
      order by created_at limit ${limit}`,
  )
  return rows.map(toOutboxEntry)
}
