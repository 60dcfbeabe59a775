import type { HttpBindings } from '@hono/node-server'
import type { Logger } from 'pino'
import type { Permission } from '../db/entities/Grant.ts'
import type { Actor as Person } from '../db/queries/findActor.ts'
import type { ApiCaller } from '../db/queries/findApiCaller.ts'
import type { ApiScope } from '../domain/apiClients.ts'

/** Who asks, as the session says. What they may do is decided from the roster at every act (law 1), never from this. */
export type Actor = Person & { districtId: string; sessionId: string }

/** A machine of a district that asks, as its token says. */
export type Machine = ApiCaller & { districtId: string; tokenId: string }

/** Whoever asks on a route of a district. */
export type Caller = { kind: 'person'; actor: Actor } | { kind: 'client'; machine: Machine }

/**
 * What a route of a district asks of its caller: one of these permissions of a person, `administer` unless it says otherwise, or a machine's scope.
 * Null: no machine may.
 */
export type DistrictNeed = { scope: ApiScope | null; permissions?: readonly Permission[] }

/**
 * What middleware hands to handlers. On every route under /v1 that is no district’s, `actor` is set; on those under /v1/districts `caller` is, and what the
 * route needs of it.
 */
export type ApiEnv = {
  Bindings: HttpBindings
  Variables: { requestId: string; log: Logger; actor: Actor; caller: Caller; need: DistrictNeed }
}
