import { withDistrict } from '../../db/openDatabase.ts'
import { listHolders } from '../../db/queries/listHolders.ts'
import { mailEach, type SharedMail } from '../mailEach.ts'
import type { RosterDeps } from './rosterDeps.ts'

/** Sends a mail to everybody who administers the district at this moment, as `mailEach` does. */
export const mailAdministrators = async (
  deps: Pick<RosterDeps, 'app' | 'districtKeys' | 'mailer'>,
  districtId: string,
  mail: SharedMail,
): Promise<number> => {
  const administrators = await withDistrict(deps.app, districtId, (tx) => listHolders(tx, 'administer'))
  return mailEach(deps, districtId, administrators, mail)
}
