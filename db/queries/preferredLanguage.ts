import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'

/**
 * In which language (BCP 47) the person behind `alias`, a row of `users`, is to be written to: their own setting, else what the
 * roster says of them, else the district's. This alone decides it. */
export const preferredLanguage = (alias: string): RawBuilder<string> => {
  const user = sql.ref(alias)
  return sql`(case when ${user}.preferred_language is not null then ${user}.preferred_language
    when ${user}.roster_language is not null then ${user}.roster_language
    else (select d.default_language from districts d where d.id = ${user}.district_id) end)`
}
