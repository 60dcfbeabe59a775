import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'

/** Accepts the newest terms of use; false, and nothing is written, when `version` is another. Accepting twice is accepting once, at the first time. */
export const acceptTerms = async (
  { db, districtId }: DistrictTransaction,
  { userId, version }: { userId: string; version: number },
): Promise<boolean> => {
  const newest = await findRow(
    db,
    sql<{ isAsked: boolean }>`
      with newest as (
        select terms.version from terms_of_use terms where terms.district_id = ${districtId} order by terms.version desc limit 1),
      added as (
        insert into terms_acceptances (district_id, version, user_id, accepted_at)
        select ${districtId}::uuid, newest.version, ${userId}::uuid, statement_timestamp() from newest where newest.version = ${version}::int
        on conflict do nothing)
      select newest.version = ${version}::int as "isAsked" from newest`,
  )
  return newest?.isAsked ?? false
}
