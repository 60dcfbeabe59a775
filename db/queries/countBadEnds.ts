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
 * `infectedSeconds`, refused because they could not be inspected within `unscannableSeconds`, and those that stand as failed, since whenever: somebody has
 * to replay each. As the role `sweeper`.
 */
export const countBadEnds = (
  { db }: Transaction,
  { infectedSeconds, unscannableSeconds }: { infectedSeconds: number; unscannableSeconds: number },
): Promise<BadEnds> =>
  getRow(
    db,
    sql<BadEnds>`
      select (${countOf(sql`state = 'quarantined' and ${since(infectedSeconds)}`)}) as infected,
        (${countOf(sql`state = 'refused' and refusal_reason in (${sql.join(uninspected)}) and ${since(unscannableSeconds)}`)}) as unscannable,
        (${countOf(sql`state = 'failed'`)}) as failed`,
  )

const since = (seconds: number): RawBuilder<unknown> => sql`ended_at > statement_timestamp() - make_interval(secs => ${seconds})`

const countOf = (condition: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  select count(*)::int from (
    select 1 from attachments where ${condition} and district_id <> ${operationsDistrictId} limit 10000) ended`
