import type { DistrictKeys } from '../db/districtKeys.ts'
import type { Holder } from '../db/queries/listHolders.ts'
import type { Mailer } from '../domain/ports.ts'
import { mailOnce } from './mailOnce.ts'

/** `id`: the same of the same news, so that a mail which is sent again can be known as the same. */
export type SharedMail = { id: string; subject: string; text: string }

/** Sends a mail to each of these people of a district. An address that takes no mail keeps no other from being told. Answers how many were. */
export const mailEach = async (
  { districtKeys, mailer }: { districtKeys: DistrictKeys; mailer: Mailer },
  districtId: string,
  people: readonly Holder[],
  { id, subject, text }: SharedMail,
): Promise<number> => {
  const cipher = await districtKeys.forDistrict(districtId)
  let told = 0
  for (const { userId, email } of people) {
    if (email === null) continue
    const to = cipher.openText({ table: 'users', rowId: userId, column: 'email' }, email)
    if (await mailOnce(mailer, { id: `${id}.${userId}`, to, subject, text, recipient: { districtId, userId } })) told += 1
  }
  return told
}
