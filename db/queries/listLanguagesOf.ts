import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'
import type { LanguageWanted } from './listRecipientLanguages.ts'
import { preferredLanguage } from './preferredLanguage.ts'

/** In which languages (tags of BCP 47) some people want to be written to, each once, and one person who does. */
export const listLanguagesOf = ({ db, districtId }: DistrictTransaction, userIds: readonly string[]): Promise<LanguageWanted[]> =>
  findRows(
    db,
    sql<LanguageWanted>`
      select distinct on (1) ${preferredLanguage('u')} as language, u.id as "userId" from users u
      where u.district_id = ${districtId} and u.id = any(${[...userIds]}::uuid[])
      order by 1, 2`,
  )
