import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi'
import { parseEventId } from '../../domain/eventCursor.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { ApiEnv } from '../apiEnv.ts'
import type { EventStreams } from '../events/openEventStreams.ts'
import { followEvents } from '../events/followEvents.ts'
import { refuseInvalidInput } from '../invalidInput.ts'
import { changesSchema } from '../schemas/eventSchema.ts'
import { commonProblems, streamsProblem } from '../schemas/problemSchema.ts'

/** A cursor that was never ours is older than anything that is kept: the client is told to read everything again. */
const unknown = { at: 0, snapshot: { xmin: 0, xmax: 0, running: [] } }

/** Follows everything that the person may see, decided again for each event as it is sent. */
export const eventRoutes = (deps: Pick<ApiDeps, 'app' | 'auth' | 'closing' | 'pace'>, streams: EventStreams) =>
  new OpenAPIHono<ApiEnv>({ defaultHook: refuseInvalidInput }).openapi(
    createRoute({
      method: 'get',
      path: '/events',
      operationId: 'followEvents',
      summary: 'Server-sent events of everything I may see',
      description:
        'Events: `ready` at once; `changes` with kinds and ids of what changed, to be read again; `reset` when what you missed is not told one by one: read your lists again; `gone` when your session ended. Come back with `Last-Event-ID`, as browsers do, and you miss nothing and hear nothing twice. Comment lines are heartbeats.',
      tags: ['events'],
      request: { headers: z.object({ 'last-event-id': z.string().max(8_192).optional() }) },
      responses: {
        200: { description: 'An event stream; the data of `changes` is this', content: { 'text/event-stream': { schema: changesSchema } } },
        ...streamsProblem,
        ...commonProblems,
      },
    }),
    (c) => {
      const actor = c.get('actor')
      const lastId = c.req.valid('header')['last-event-id']
      // Nobody would read the stream, and its place would never be given back.
      if (c.req.method === 'HEAD') return c.body(null, 200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' })
      const release = streams.open(actor.userId)
      const since = lastId === undefined ? null : (parseEventId(lastId) ?? unknown)
      return followEvents(c, { ...deps, hub: streams.hub() }, { actor, since, release })
    },
  )
