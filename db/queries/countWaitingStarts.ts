import { sql } from 'kysely'
import type { Transaction } from '../openDatabase.ts'
import { getRow } from '../rows.ts'

export type WaitingStarts = {
  /** At most 10,000: more is no other news. */
  count: number
  /** How long the one that waits longest has waited; 0 when none waits. */
  oldestSeconds: number
}

/** Workflows that were asked for longer than `olderThanSeconds` ago and are not started. As the role `relay`. */
export const countWaitingStarts = ({ db }: Transaction, olderThanSeconds: number): Promise<WaitingStarts> =>
  getRow(
    db,
    sql<WaitingStarts>`
      select count(*)::int as count,
        coalesce(floor(extract(epoch from statement_timestamp() - min(created_at))), 0)::int as "oldestSeconds"
      from (
        select created_at from outbox
        where started_at is null and created_at <= statement_timestamp() - make_interval(secs => ${olderThanSeconds})
        order by created_at limit 10000) waiting`,
  )
