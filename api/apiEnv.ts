import type { HttpBindings } from '@hono/node-server'
import type { Logger } from 'pino'
import type { Actor as Person } from '../db/queries/findActor.ts'

/** Who asks, as the session says. What they may do is decided from the roster at every act (law 1), never from this. */
export type Actor = Person & { districtId: string; sessionId: string }

/** What middleware hands to handlers. `actor` is set on every route under /v1. */
export type ApiEnv = { Bindings: HttpBindings; Variables: { requestId: string; log: Logger; actor: Actor } }
