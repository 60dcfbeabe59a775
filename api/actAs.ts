import { withDistrict, type Database, type DistrictTransaction } from '../db/openDatabase.ts'
import { findActor } from '../db/queries/findActor.ts'
import { Refusal } from '../domain/refusal.ts'
import type { Actor } from './apiEnv.ts'

/** One answer for a missing, malformed, unknown, expired or ended session. */
export const notSignedIn = (): Refusal => new Refusal('not-signed-in', 'Send a valid session token as "Authorization: Bearer …".')

/**
 * Does `work` in one transaction in which the actor's session still holds. Between the look at the token and the act lies whatever the
 * client took to send its body, and whatever the key service took to answer. The session is asked for ahead of the act and not waited for: what was done for
 * one that ended is rolled back, so `work` does nothing but in its transaction.
 * @throws {Refusal} `not-signed-in` when the session ended meanwhile, whatever became of `work`.
 */
export const actAs = <T>(app: Database, actor: Actor, work: (tx: DistrictTransaction) => Promise<T>): Promise<T> =>
  withDistrict(app, actor.districtId, async (tx) => {
    const [session, act] = await Promise.allSettled([findActor(tx, actor), work(tx)])
    if (session.status === 'rejected') throw session.reason
    if (session.value === null) throw notSignedIn()
    if (act.status === 'rejected') throw act.reason
    return act.value
  })
