import { sql } from 'kysely'
import type { NudgeOutcome } from '../../domain/nudge.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'

/** Counts one more of this day of the district: nobody's id, and nothing of any text. */
export const countNudge = async ({ db, districtId }: DistrictTransaction, outcome: NudgeOutcome): Promise<void> => {
  await sql`
    insert into nudge_counts (district_id, day, outcome, count)
    select d.id, (statement_timestamp() at time zone d.time_zone)::date, ${outcome}, 1 from districts d where d.id = ${districtId}
    on conflict (district_id, day, outcome) do update set count = nudge_counts.count + 1`.execute(db)
}

/** `day` as `2027-05-31`. */
export type NudgeCount = { day: string; outcome: NudgeOutcome; count: number }

/** The counts of the last so many days, the newest first. */
export const listNudgeCounts = ({ db, districtId }: DistrictTransaction, days: number): Promise<NudgeCount[]> =>
  findRows(
    db,
    sql<NudgeCount>`
      select n.day::text as day, n.outcome, n.count from nudge_counts n
      where n.district_id = ${districtId} and n.day > current_date - ${days}::int order by n.day desc, n.outcome`,
  )
