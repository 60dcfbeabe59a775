import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'

/** A district none of whose syncs has succeeded for as long as it allows. */
export type LateRoster = {
  districtId: string
  /** Whole hours since the last one that did. */
  lateHours: number
}

/** Nobody has said so since the last sync that succeeded; a district that never had one waits for nothing. */
export const lateRoster: RawBuilder<unknown> = sql`
  districts d cross join lateral (
    select s.ended_at from roster_syncs s
    where s.district_id = d.id and s.state in ('applied', 'unchanged', 'partly-applied') and not s.is_dry_run and s.ended_at is not null
    order by s.ended_at desc limit 1) last
  where last.ended_at <= statement_timestamp() - make_interval(hours => d.roster_late_after_hours)
    and (d.roster_late_told_at is null or d.roster_late_told_at < last.ended_at)`

export const lateRosterColumns: RawBuilder<unknown> = sql`d.id as "districtId", floor(extract(epoch from statement_timestamp() - last.ended_at) / 3600)::int as "lateHours"`
