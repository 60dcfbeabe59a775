import { withDistrict } from '../../db/openDatabase.ts'
import { listAdministrators } from '../../db/queries/listAdministrators.ts'
import { mailOnce } from '../mailOnce.ts'
import type { RosterDeps } from './rosterDeps.ts'

/** `id`: the same of the same news, so that a mail which is sent again can be known as the same. */
export type AdministratorsMail = { id: string; subject: string; text: string }

/**
 * Sends a mail to everybody who administers the district at this moment. An address that takes no mail keeps no other from being told. Answers how many
 * were.
 */
export const mailAdministrators = async (
  { app, districtKeys, mailer }: Pick<RosterDeps, 'app' | 'districtKeys' | 'mailer'>,
  districtId: string,
  { id, subject, text }: AdministratorsMail,
): Promise<number> => {
  const administrators = await withDistrict(app, districtId, listAdministrators)
  const cipher = await districtKeys.forDistrict(districtId)
  let told = 0
  for (const { userId, email } of administrators) {
    if (email === null) continue
    const to = cipher.openText({ table: 'users', rowId: userId, column: 'email' }, email)
    if (await mailOnce(mailer, { id: `${id}.${userId}`, to, subject, text })) told += 1
  }
  return told
}
