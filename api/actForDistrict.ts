import type { Context } from 'hono'
import { readDistrict, withDistrict, type Database, type DistrictTransaction, type TransactionOptions } from '../db/openDatabase.ts'
import { findActor } from '../db/queries/findActor.ts'
import { findApiCaller } from '../db/queries/findApiCaller.ts'
import type { AuditActor } from '../db/queries/recordAudit.ts'
import { notSignedIn } from './actAs.ts'
import type { ApiEnv, Caller, DistrictNeed } from './apiEnv.ts'
import { requireStanding, toDistrictId, type Standing } from './takesDistrictCaller.ts'

const findStanding = (tx: DistrictTransaction, caller: Caller): Promise<Standing | null> =>
  caller.kind === 'person' ? findActor(tx, caller.actor) : findApiCaller(tx, caller.machine.tokenId)

const requireCaller = async (tx: DistrictTransaction, caller: Caller, need: DistrictNeed): Promise<void> => {
  const standing = await findStanding(tx, caller)
  if (standing === null) throw notSignedIn()
  requireStanding(standing, need)
}

/**
 * Does `work` in one transaction in which the caller still may what the route needs (`takesDistrictCaller`).
 * @throws {Refusal} `not-signed-in`, `not-allowed` when that ended meanwhile.
 */
export const actForDistrict = <T>(
  app: Database,
  c: Context<ApiEnv>,
  work: (tx: DistrictTransaction) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> => {
  const [caller, need] = [c.get('caller'), c.get('need')]
  return withDistrict(
    app,
    toDistrictId(caller),
    async (tx) => {
      await requireCaller(tx, caller, need)
      return work(tx)
    },
    options,
  )
}

/** As `actForDistrict`, read only and in one snapshot. */
export const readForDistrict = <T>(app: Database, c: Context<ApiEnv>, work: (tx: DistrictTransaction) => Promise<T>): Promise<T> => {
  const [caller, need] = [c.get('caller'), c.get('need')]
  return readDistrict(app, toDistrictId(caller), async (tx) => {
    await requireCaller(tx, caller, need)
    return work(tx)
  })
}

/** Our id of whoever asks: a person's, or a machine's. */
export const toCallerId = (caller: Caller): string => (caller.kind === 'person' ? caller.actor.userId : caller.machine.clientId)

/** As the audit log names them. */
export const toAuditActor = (caller: Caller): AuditActor => ({
  kind: caller.kind === 'person' ? 'user' : 'client',
  id: toCallerId(caller),
})
