import type { Context } from 'hono'
import type { DistrictTransaction } from '../db/openDatabase.ts'
import {
  claimIdempotencyKey,
  settleIdempotencyKey,
  type IdempotencyClaim,
  type IdempotentRequest,
} from '../db/queries/claimIdempotencyKey.ts'
import { Refusal } from '../domain/refusal.ts'
import { actAs } from './actAs.ts'
import { actForDistrict, toCallerId } from './actForDistrict.ts'
import type { ApiDeps } from './apiDeps.ts'
import type { ApiEnv } from './apiEnv.ts'
import { isOutOfTime } from './fault.ts'
import { toDistrictId } from './takesDistrictCaller.ts'

export type OnceRequest = {
  /** The `Idempotency-Key`, if one was sent. */
  key: string | undefined
  /** The parsed body: together with method and address it is what "the same request" means. */
  body: unknown
  /** What the work makes: `channel`, `message`, `attachment`. */
  kind: string
}

/** The first request is still in its transaction and has not ended within the statement timeout. */
const claim = async (tx: DistrictTransaction, request: IdempotentRequest): Promise<IdempotencyClaim> => {
  try {
    return await claimIdempotencyKey(tx, request)
  } catch (error) {
    if (isOutOfTime(error))
      throw new Refusal('idempotency-in-progress', 'A request with this Idempotency-Key is being worked on.', { cause: error })
    throw error
  }
}

/**
 * Does `work` in one transaction with its idempotency key, and answers the id of what it made. A repeated request answers the id of
 * the first time and does nothing; the caller shows the thing by a fresh decision, so a repetition never shows more than is allowed now.
 * @throws {Refusal} `idempotency-key-reused`, `idempotency-in-progress`; `not-signed-in` when the session ended meanwhile.
 */
export const runOnce = (deps: OnceDeps, c: Context<ApiEnv>, request: OnceRequest, work: Work): Promise<string> => {
  const actor = c.get('actor')
  const { districtId, userId } = actor
  return runAs(deps, c, { districtId, userId, act: (inTx) => actAs(deps.app, actor, inTx) }, request, work)
}

/** As `runOnce`, on a route of a district: for whoever of it asks, a person or a machine. */
export const runOnceForDistrict = (deps: OnceDeps, c: Context<ApiEnv>, request: OnceRequest, work: Work): Promise<string> => {
  const caller = c.get('caller')
  const who = { districtId: toDistrictId(caller), userId: toCallerId(caller), act: (inTx: Work) => actForDistrict(deps.app, c, inTx) }
  return runAs(deps, c, who, request, work)
}

type OnceDeps = Pick<ApiDeps, 'app' | 'districtKeys'>
type Work = (tx: DistrictTransaction) => Promise<string>
/** Whose key it is, and how they act. */
type Holder = { districtId: string; userId: string; act: (work: Work) => Promise<string> }

const runAs = async (
  deps: OnceDeps,
  c: Context<ApiEnv>,
  { districtId, userId, act }: Holder,
  { key, body, kind }: OnceRequest,
  work: Work,
): Promise<string> => {
  if (key === undefined) return act(work)
  // Of an address only the ids may come in another case.
  const route = `${c.req.method} ${c.req.path.toLowerCase()}`
  const cipher = await deps.districtKeys.forDistrict(districtId)
  const fingerprint = cipher.hashForLookup(JSON.stringify([route, body]))
  return act(async (tx) => {
    const claimed = await claim(tx, { userId, key, route, fingerprint })
    if (claimed.outcome === 'done') return claimed.resultId
    if (claimed.outcome === 'other-request') {
      throw new Refusal('idempotency-key-reused', 'This Idempotency-Key was used for another request. Use a new one.')
    }
    const id = await work(tx)
    await settleIdempotencyKey(tx, { userId, key }, { kind, id })
    return id
  })
}
