import { sql } from 'kysely'
import type { Transaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'

export type OutboxLag = {
  /** Starts that were asked for and not made. At most 10,000: more is no other news. */
  waiting: number
  /** Age of the oldest; 0 when none waits. */
  oldestSeconds: number
}

/** How far the starts of runs are behind the commits that asked for them (law 5). As the role `relay`. */
export const findOutboxLag = async ({ db }: Transaction): Promise<OutboxLag> => {
  const row = await findRow(
    db,
    sql<OutboxLag>`
      select count(*)::int as waiting,
        coalesce(extract(epoch from statement_timestamp() - min(created_at)), 0)::float as "oldestSeconds"
      from (select created_at from outbox where started_at is null order by created_at limit 10000) waiting`,
  )
  return row ?? { waiting: 0, oldestSeconds: 0 }
}
