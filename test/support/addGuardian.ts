import { sql } from 'kysely'
import { v7 as newId } from 'uuid'
import type { DistrictKeys } from '../../db/districtKeys.ts'
import { withDistrict, type Database } from '../../db/openDatabase.ts'
import type { SeededChannel } from './seedChannel.ts'

export type AddedGuardian = { userId: string; channelId: string }

/** A guardian of the channel's student whom the roster knows by these, and the teacher's channel with them. */
export const addGuardian = async (
  { app, districtKeys }: { app: Database; districtKeys: DistrictKeys },
  { districtId, teacherId, studentId }: SeededChannel,
  { email, phone, language = 'en' }: { email?: string; phone?: string; language?: string },
): Promise<AddedGuardian> => {
  const [userId, channelId] = [newId(), newId()]
  const cipher = await districtKeys.forDistrict(districtId)
  const seal = (column: 'email' | 'phone', text: string | undefined): Buffer | null =>
    text === undefined ? null : cipher.sealText({ table: 'users', rowId: userId, column }, text)
  const hash = (text: string | undefined): Buffer | null => (text === undefined ? null : cipher.hashForLookup(text))
  await withDistrict(app, districtId, async ({ db }) => {
    await sql`
      insert into users (district_id, id, sourced_id, role, given_name, family_name, email, email_hash, phone, phone_hash, preferred_language)
      values (${districtId}, ${userId}, ${userId}, 'guardian', 'Given', 'Family', ${seal('email', email)}, ${hash(email)}, ${seal('phone', phone)},
        ${hash(phone)}, ${language})`.execute(db)
    await sql`
      insert into guardianships (district_id, id, guardian_id, student_id, relation, custody, since_version)
      values (${districtId}, ${newId()}, ${userId}, ${studentId}, 'guardian', 'permitted', 1)`.execute(db)
    await sql`
      insert into channels (district_id, id, teacher_id, participant_id, student_id, school_year)
      select ${districtId}, ${channelId}, ${teacherId}, ${userId}, ${studentId}, school_year from channels where district_id = ${districtId} limit 1`.execute(
      db,
    )
  })
  return { userId, channelId }
}
