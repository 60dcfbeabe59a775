import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { getRow } from '../rows.ts'

export type NotedAlert = {
  /** How long it has held, by the database's clock. */
  lastsSeconds: number
  /** How long ago the pager last took it; null while nobody was paged. */
  raisedSecondsAgo: number | null
}

/**
 * Says that the trouble of `dedupKey` holds now. What nobody was paged for and nobody has seen for `quietSeconds` begins anew; what somebody is about to
 * resolve is raised again.
 */
export const noteAlert = (
  tx: DistrictTransaction,
  { dedupKey, quietSeconds }: { dedupKey: string; quietSeconds: number },
): Promise<NotedAlert> =>
  getRow(
    tx.db,
    sql<NotedAlert>`
      insert into open_alerts as a (district_id, dedup_key, began_at, seen_at)
      values (${tx.districtId}, ${dedupKey}, statement_timestamp(), statement_timestamp())
      on conflict (district_id, dedup_key) do update set
        began_at = case when a.raised_at is null and a.seen_at < statement_timestamp() - make_interval(secs => ${quietSeconds})
          then statement_timestamp() else a.began_at end,
        raised_at = case when a.ending_at is null then a.raised_at end,
        seen_at = statement_timestamp(), ending_at = null
      returning extract(epoch from statement_timestamp() - began_at)::float8 as "lastsSeconds",
        extract(epoch from statement_timestamp() - raised_at)::float8 as "raisedSecondsAgo"`,
  )
