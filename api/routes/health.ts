import { Hono } from 'hono'
import { sql } from 'kysely'
import { acrossDistricts } from '../../db/openDatabase.ts'
import { toLoggableFault } from '../../domain/toLoggableFault.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { ApiEnv } from '../apiEnv.ts'

/**
 * `/livez`: the process answers. `/readyz`: what an answer needs is there, Postgres and a signer of uploads. Temporal is not
 * needed to be ready (law 5). A process that leaves is not ready, though it still serves.
 */
export const healthRoutes = (deps: Pick<ApiDeps, 'app' | 'auth' | 'signer' | 'log' | 'leaving'>) => {
  const checks: Record<string, () => Promise<unknown>> = {
    database: () => acrossDistricts(deps.app, ({ db }) => sql`select 1`.execute(db)),
    sessions: () => acrossDistricts(deps.auth, ({ db }) => sql`select 1`.execute(db)),
    staying: async () => deps.leaving.throwIfAborted(),
    uploads: () => deps.signer.signUpload({ key: 'readiness', contentType: 'text/plain', bytesMax: 1, expiresInSeconds: 1 }),
  }
  const isFine = async (name: string, check: () => Promise<unknown>): Promise<boolean> => {
    try {
      await check()
      return true
    } catch (error) {
      deps.log.warn({ check: name, fault: toLoggableFault(error) }, 'not ready')
      return false
    }
  }
  return new Hono<ApiEnv>()
    .get('/livez', (c) => c.json({ status: 'alive' }, 200, { 'Cache-Control': 'no-store' }))
    .get('/readyz', async (c) => {
      const results = await Promise.all(Object.entries(checks).map(async ([name, check]) => [name, await isFine(name, check)] as const))
      const isReady = results.every(([, fine]) => fine)
      return c.json({ status: isReady ? 'ready' : 'not-ready', checks: Object.fromEntries(results) }, isReady ? 200 : 503, {
        'Cache-Control': 'no-store',
      })
    })
}
