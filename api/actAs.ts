import { withDistrict, type Database, type DistrictTransaction } from '../db/openDatabase.ts'
import { findActor } from '../db/queries/findActor.ts'
import { Refusal } from '../domain/refusal.ts'
import type { Actor } from './apiEnv.ts'

/** One answer for a missing, malformed, unknown, expired or ended session. */
export const notSignedIn = (): Refusal => new Refusal('not-signed-in', 'Send a valid session token as "Authorization: Bearer …".')

/**
 * Does `work` in one transaction in which the actor's session still holds. Between the look at the token and the act lies whatever the
 * client took to send its body, and whatever the key service took to answer.
 * @throws {Refusal} `not-signed-in` when the session ended meanwhile.
 */
export const actAs = <T>(app: Database, actor: Actor, work: (tx: DistrictTransaction) => Promise<T>): Promise<T> =>
  withDistrict(app, actor.districtId, async (tx) => {
    if ((await findActor(tx, actor)) === null) throw notSignedIn()
    return work(tx)
  })
