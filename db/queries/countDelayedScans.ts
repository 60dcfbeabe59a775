import { sql } from 'kysely'
import type { Transaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'

export type DelayedScans = {
  /** At most 10,000: more is no other news. */
  count: number
  /** How long the one that waits longest has waited since its upload was complete; 0 when none waits. */
  oldestSeconds: number
}

/** Uploads that have been `scanning` for longer than `olderThanSeconds`, by the database's clock. As the role `sweeper`. */
export const countDelayedScans = async ({ db }: Transaction, olderThanSeconds: number): Promise<DelayedScans> => {
  const row = await findRow(
    db,
    sql<DelayedScans>`
      select count(*)::int as count,
        coalesce(floor(extract(epoch from statement_timestamp() - min(upload_completed_at))), 0)::int as "oldestSeconds"
      from (
        select upload_completed_at from attachments
        where state = 'scanning' and upload_completed_at <= statement_timestamp() - make_interval(secs => ${olderThanSeconds})
        order by upload_completed_at limit 10000) waiting`,
  )
  return row ?? { count: 0, oldestSeconds: 0 }
}
