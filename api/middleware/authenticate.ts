import { createHash } from 'node:crypto'
import { createMiddleware } from 'hono/factory'
import { acrossDistricts, readDistrict } from '../../db/openDatabase.ts'
import { findActor } from '../../db/queries/findActor.ts'
import { findApiCaller } from '../../db/queries/findApiCaller.ts'
import { findClientToken } from '../../db/queries/findClientToken.ts'
import { findSession, type SessionRef } from '../../db/queries/findSession.ts'
import { createRecentMap } from '../../domain/createRecentMap.ts'
import { Refusal } from '../../domain/refusal.ts'
import { notSignedIn } from '../actAs.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { Actor, ApiEnv, Machine } from '../apiEnv.ts'

/** 256 bits in base64url; a machine's behind `clientTokenPrefix`. Anything else is refused without asking the database. */
const tokenShape = /^Bearer ((?:hpct_)?)([A-Za-z0-9_-]{43})$/i

/** By it a machine's token is told from a person's, and found where it does not belong. */
export const clientTokenPrefix = 'hpct_'

/** A token's SHA-256: what is stored of it. Of a machine's token the prefix counts too. */
export const hashToken = (token: string): Buffer => createHash('sha256').update(token).digest()

type Databases = Pick<ApiDeps, 'app' | 'auth'>

/** Tokens whose sessions a process remembers. */
const sessionsMax = 10_000

type FindSession = (tokenHash: Buffer) => Promise<SessionRef | null>

/** Which session a token is of never changes, so it is looked up once; whether the session holds is asked each time, under its district (`findActor`). */
const createSessionLookup = (auth: ApiDeps['auth']): FindSession => {
  const known = createRecentMap<SessionRef>(sessionsMax)
  return async (tokenHash) => {
    const key = tokenHash.toString('base64url')
    const found = known.get(key) ?? (await acrossDistricts(auth, (tx) => findSession(tx, tokenHash)))
    if (found !== null) known.set(key, found)
    return found
  }
}

/** Whose session this is, if it holds and the person is active at this moment. */
const findTokenActor = async (app: ApiDeps['app'], lookUp: FindSession, token: string): Promise<Actor | null> => {
  const session = await lookUp(hashToken(token))
  if (session === null) return null
  const actor = await readDistrict(app, session.districtId, (tx) => findActor(tx, session))
  return actor && { ...actor, districtId: session.districtId, sessionId: session.sessionId }
}

/** Whose token this is, if it holds and the machine is open at this moment. */
const findTokenMachine = async ({ app, auth }: Databases, token: string): Promise<Machine | null> => {
  const found = await acrossDistricts(auth, (tx) => findClientToken(tx, hashToken(token)))
  if (found === null) return null
  const { districtId, tokenId } = found
  const caller = await readDistrict(app, districtId, (tx) => findApiCaller(tx, tokenId))
  return caller && { ...caller, districtId, tokenId }
}

/** Routes of a district take machines too, and each says with which scope (`takesDistrictCaller`). */
const isOfDistrict = (path: string): boolean => path.startsWith('/v1/districts/')

/**
 * Says who asks. The token travels in the Authorization header only: no cookie is read, so no page can make a browser send it.
 * @throws {Refusal} `not-signed-in`, the same for a missing, malformed, unknown, expired or ended session or token; `not-allowed` for a machine anywhere but
 * on the routes of its district.
 */
export const authenticate = (deps: Databases) => {
  const lookUp = createSessionLookup(deps.auth)
  return createMiddleware<ApiEnv>(async (c, next) => {
    const [, prefix, secret] = tokenShape.exec(c.req.header('Authorization') ?? '') ?? []
    if (secret === undefined) throw notSignedIn()
    if (prefix === '') {
      const actor = await findTokenActor(deps.app, lookUp, secret)
      if (actor === null) throw notSignedIn()
      c.set('actor', actor)
      c.set('caller', { kind: 'person', actor })
    } else {
      const machine = await findTokenMachine(deps, `${clientTokenPrefix}${secret}`)
      if (machine === null) throw notSignedIn()
      if (!isOfDistrict(c.req.path)) throw new Refusal('not-allowed', 'This is for people. A machine calls the routes of its own district.')
      c.set('caller', { kind: 'client', machine })
    }
    await next()
  })
}
