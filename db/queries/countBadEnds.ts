import { sql, type RawBuilder } from 'kysely'
import { operationsDistrictId } from '../operationsDistrict.ts'
import type { Transaction } from '../openDatabase.ts'
import { getRow } from '../rows.ts'

/** Of attachments; at most 10,000 of each: more is no other news. */
export type BadEnds = { infected: number; unscannable: number; failed: number }

/** Which refusals say that something could not be inspected, rather than that it was inspected and is not wanted. */
const uninspected = ['engine-limits', 'encrypted']

/**
 * How many attachments ended badly of late, over all districts but that of operations, whose malware is our own: infected within
 * `infectedSeconds`, refused because they could not be inspected within `unscannableSeconds`, failed and not replayed within `failedSeconds`. As the role `sweeper`.
 */
export const countBadEnds = (
  { db }: Transaction,
  { infectedSeconds, unscannableSeconds, failedSeconds }: { infectedSeconds: number; unscannableSeconds: number; failedSeconds: number },
): Promise<BadEnds> =>
  getRow(
    db,
    sql<BadEnds>`
      select (${countOf(sql`state = 'quarantined'`, infectedSeconds)}) as infected,
        (${countOf(sql`state = 'refused' and refusal_reason in (${sql.join(uninspected)})`, unscannableSeconds)}) as unscannable,
        (${countOf(sql`state = 'failed'`, failedSeconds)}) as failed`,
  )

const countOf = (condition: RawBuilder<unknown>, seconds: number): RawBuilder<unknown> => sql`
  select count(*)::int from (
    select 1 from attachments
    where ${condition} and ended_at > statement_timestamp() - make_interval(secs => ${seconds}) and district_id <> ${operationsDistrictId}
    limit 10000) ended`
