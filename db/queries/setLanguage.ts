import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'

/** The person says in which language (BCP 47) they want to be written to. */
export const setLanguage = async (
  { db, districtId }: DistrictTransaction,
  { userId, language }: { userId: string; language: string },
): Promise<void> => {
  await sql`update users set preferred_language = ${language} where district_id = ${districtId} and id = ${userId}`.execute(db)
}
