import { createHash } from 'node:crypto'
import { createMiddleware } from 'hono/factory'
import { acrossDistricts, readDistrict } from '../../db/openDatabase.ts'
import { findActor } from '../../db/queries/findActor.ts'
import { findSession } from '../../db/queries/findSession.ts'
import { notSignedIn } from '../actAs.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { Actor, ApiEnv } from '../apiEnv.ts'

/** 256 bits in base64url. Anything else is refused without asking the database. */
const tokenShape = /^Bearer ([A-Za-z0-9_-]{43})$/i

/** A token's SHA-256: what is stored of it. */
export const hashToken = (token: string): Buffer => createHash('sha256').update(token).digest()

/** Whose token this is, if its session holds and the person is active at this moment. */
const findTokenActor = async ({ app, auth }: Pick<ApiDeps, 'app' | 'auth'>, token: string): Promise<Actor | null> => {
  const session = await acrossDistricts(auth, (tx) => findSession(tx, hashToken(token)))
  if (session === null) return null
  const actor = await readDistrict(app, session.districtId, (tx) => findActor(tx, session))
  return actor && { ...actor, districtId: session.districtId, sessionId: session.sessionId }
}

/**
 * Says who asks. The token travels in the Authorization header only: no cookie is read, so no page can make a browser send it.
 * @throws {Refusal} `not-signed-in`, the same for a missing, malformed, unknown, expired or ended session.
 */
export const authenticate = (deps: Pick<ApiDeps, 'app' | 'auth'>) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    const token = tokenShape.exec(c.req.header('Authorization') ?? '')?.[1]
    const actor = token === undefined ? null : await findTokenActor(deps, token)
    if (actor === null) throw notSignedIn()
    c.set('actor', actor)
    await next()
  })
