import { createMiddleware } from 'hono/factory'
import type { ApiScope } from '../domain/apiClients.ts'
import { Refusal } from '../domain/refusal.ts'
import type { ApiEnv, Caller, DistrictNeed } from './apiEnv.ts'
import { hidden } from './requireAllowed.ts'

/** What may change between the look at the token and the act. */
export type Standing = { permissions: readonly string[] } | { scopes: readonly ApiScope[] }

/** Whoever is of the district may know that the route is there: hence not allowed, and not hidden. @throws {Refusal} `not-allowed`. */
export const requireStanding = (standing: Standing, { scope, permissions = ['administer'] }: DistrictNeed): void => {
  const isMet =
    'permissions' in standing
      ? permissions.some((permission) => standing.permissions.includes(permission))
      : standing.scopes.some((held) => held === scope)
  if (isMet) return
  const people = `somebody of the district with the permission to ${permissions.join(' or to ')}`
  throw new Refusal('not-allowed', `This takes ${people}${scope === null ? '' : `, or a machine with the scope ${scope}`}.`)
}

export const toDistrictId = (caller: Caller): string => (caller.kind === 'person' ? caller.actor.districtId : caller.machine.districtId)

/**
 * Says which callers a route of a district takes, in the contract and before the handler. Every route under `/districts/{districtId}` spreads it into its
 * definition; what it checks is checked again in the transaction of the act (`actForDistrict`).
 */
export const takesDistrictCaller = (need: DistrictNeed) => ({
  security: toSecurity(need),
  middleware: createMiddleware<ApiEnv>(async (c, next) => {
    const caller = c.get('caller')
    // Of another district nothing is known, not even whether it exists (law 3).
    if (c.req.param('districtId')?.toLowerCase() !== toDistrictId(caller)) throw hidden()
    requireStanding(caller.kind === 'person' ? caller.actor : caller.machine, need)
    c.set('need', need)
    await next()
  }),
})

const toSecurity = ({ scope }: DistrictNeed): Record<string, string[]>[] => [
  { session: [] },
  ...(scope === null ? [] : [{ machine: [scope] }]),
]
