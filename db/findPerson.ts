import { sql } from 'kysely'
import { validate as isUuid } from 'uuid'
import type { DistrictTransaction } from './openDatabase.ts'
import { findUserId } from './queries/findUserId.ts'
import { findRow } from './rows.ts'

/** The id of the person whom `user` names, our id or the id of the district's system, ours first: such a system may use ids that look like ours. Null for nobody. */
export const findPerson = async (tx: DistrictTransaction, user: string): Promise<string | null> => {
  const byId = isUuid(user)
    ? await findRow(tx.db, sql<{ id: string }>`select id from users where district_id = ${tx.districtId} and id = ${user}`)
    : null
  return byId?.id ?? (await findUserId(tx, user))
}
