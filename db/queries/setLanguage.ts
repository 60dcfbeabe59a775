import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'

/** The person says in which language (BCP 47) they want to be written to; null: in the one that the roster says, or the district. */
export const setLanguage = async (
  { db, districtId }: DistrictTransaction,
  { userId, language }: { userId: string; language: string | null },
): Promise<void> => {
  await sql`update users set preferred_language = ${language}::text where district_id = ${districtId} and id = ${userId}`.execute(db)
}
