import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'

/** What there is to know of somebody's language (tags of BCP 47): what they said themselves, what the roster says, and what the district has for everybody else. */
export type Languages = { own: string | null; roster: string | null; district: string }

/** Null when the district has nobody of that id. Which of them counts says `preferredLanguage`. */
export const findLanguages = ({ db, districtId }: DistrictTransaction, userId: string): Promise<Languages | null> =>
  findRow(
    db,
    sql<Languages>`
      select u.preferred_language as own, u.roster_language as roster, d.default_language as district
      from users u join districts d on d.id = u.district_id
      where u.district_id = ${districtId} and u.id = ${userId}`,
  )
