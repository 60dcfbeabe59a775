import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'

/**
 * Whether so many characters do not fit into what the district may have translated in this month of its calendar, and its administrators were told that it is used up. Before they were, a run
 * has to find that out, which has them told. Raising the budget, or another month, ends it at once.
 */
export const isUsedUp = (districtId: string, characters: number): RawBuilder<boolean> => sql`exists (
  select 1 from districts budgeted
  join translation_usage used on used.district_id = budgeted.id and used.month = date_trunc('month', statement_timestamp() at time zone budgeted.time_zone)::date
  where budgeted.id = ${districtId} and used.district_id = ${districtId} and used.exhausted_at is not null
    and used.characters + ${characters}::bigint > budgeted.translation_budget)`
