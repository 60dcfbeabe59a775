import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'

/** In which language (BCP 47) the person behind `alias`, a row of `users`, wants to be written to: their own setting, else the district's. */
export const preferredLanguage = (alias: string): RawBuilder<string> => {
  const user = sql.ref(alias)
  return sql`(case when ${user}.preferred_language is not null then ${user}.preferred_language
    else (select d.default_language from districts d where d.id = ${user}.district_id) end)`
}
