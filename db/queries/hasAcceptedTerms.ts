import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'

/**
 * Whether the person has accepted the newest terms of use of the district: a condition of every statement by which somebody contributes. True of a
 * district that has published none: there is nothing to accept. Two look-ups by primary key, and none for a row of the query around.
 */
export const hasAcceptedTerms = (districtId: string, userId: string): RawBuilder<boolean> => sql<boolean>`coalesce((
  select coalesce((select true from terms_acceptances accepted
    where accepted.district_id = ${districtId} and accepted.version = terms.version and accepted.user_id = ${userId}), false)
  from terms_of_use terms where terms.district_id = ${districtId} order by terms.version desc limit 1), true)`
