import { sql } from 'kysely'
import type { Transaction } from '../openDatabase.ts'
import { getRow } from '../rows.ts'

export type LongSyncs = {
  /** At most 10,000: more is no other news. */
  count: number
  /** How long the one that waits longest has waited; 0 when none waits. */
  oldestSeconds: number
}

/** Syncs that were queued longer than `olderThanSeconds` ago and have not ended. As the role `sweeper`. */
export const countLongSyncs = ({ db }: Transaction, olderThanSeconds: number): Promise<LongSyncs> =>
  getRow(
    db,
    sql<LongSyncs>`
      select count(*)::int as count,
        coalesce(floor(extract(epoch from statement_timestamp() - min(queued_at))), 0)::int as "oldestSeconds"
      from (
        select queued_at from roster_syncs
        where state in ('queued', 'running') and queued_at <= statement_timestamp() - make_interval(secs => ${olderThanSeconds})
        order by queued_at limit 10000) waiting`,
  )
