import type { Context } from 'hono'
import { streamSSE } from 'hono/streaming'
import { acrossDistricts, readDistrict } from '../../db/openDatabase.ts'
import type { EventRecord } from '../../db/queries/eventRow.ts'
import { listMissedEvents } from '../../db/queries/listMissedEvents.ts'
import { findEventCursor } from '../../db/queries/listNewEvents.ts'
import { hasCommitted, isLater, toEventId, type EventCursor } from '../../domain/eventCursor.ts'
import { toLoggableFault } from '../../domain/toLoggableFault.ts'
import type { ApiDeps } from '../apiDeps.ts'
import type { Actor, ApiEnv } from '../apiEnv.ts'
import { createOutlet } from './createOutlet.ts'
import { decide, type EventHub, type Listener } from './eventHub.ts'
import { toEventView } from './toEventView.ts'

type FollowDeps = Pick<ApiDeps, 'app' | 'auth' | 'closing' | 'pace'> & { hub: EventHub }

/** More than so many missed events are not told one by one: the client reads its lists again. */
const missedMax = 500

/** So long is an event kept that the client has missed. */
const keptMs = 24 * 60 * 60 * 1_000

/**
 * Server-sent events of all that the person may see. `ready` at once, with an id from which everything is told; `changes` when something happened; `reset` in the place of
 * `ready` when what was missed is not told one by one; `gone` when the session ended. Whoever comes back with the last id misses nothing and hears nothing twice.
 */
export const followEvents = (
  c: Context<ApiEnv>,
  deps: FollowDeps,
  { actor, since, release }: { actor: Actor; since: EventCursor | null; release: () => void },
): Response => {
  c.header('X-Accel-Buffering', 'no')
  const response = streamSSE(c, async (stream) => {
    const { pace, hub } = deps
    const outlet = createOutlet(stream, { ...pace, closing: deps.closing, cut: () => c.env.outgoing.destroy() })
    const listener: Listener = {
      districtId: actor.districtId,
      sessionId: actor.sessionId,
      cursor: since,
      isCatchingUp: true,
      tell: (events, cursor) => {
        listener.cursor = cursor
        if (events.length > 0) outlet.say('changes', { changes: events.map(toEventView) }, toEventId(cursor))
        else outlet.moveTo(toEventId(cursor))
      },
      end: (reason) => (reason === 'gone' ? outlet.sayLast('gone') : outlet.close()),
    }
    const leave = hub.join(listener)
    try {
      await catchUp(deps, actor, listener, outlet.say)
      await outlet.done
    } catch (error) {
      c.get('log').warn({ requestId: c.get('requestId'), fault: toLoggableFault(error) }, 'event stream closed')
    } finally {
      leave()
      outlet.close()
      release()
    }
  })
  response.headers.set('Cache-Control', 'no-store')
  return response
}

type Say = (event: string, data: unknown, id: string) => void

/** Tells what was missed, up to where the hub has heard; from there on the hub tells. Whoever comes for the first time has missed nothing: they hear from now on. */
const catchUp = async (deps: FollowDeps, actor: Actor, listener: Listener, say: Say): Promise<void> => {
  let cursor = listener.cursor ?? (await acrossDistricts(deps.auth, findEventCursor))
  for (let isFirst = true; ; isFirst = false) {
    const upTo = deps.hub.heard() ?? (await waitForLook(deps.hub))
    const missed = await listMissed(deps, actor, cursor, upTo)
    const reached = missed !== null && isLater(cursor.snapshot, upTo.snapshot) ? cursor : upTo
    if (missed === null) say('reset', {}, toEventId(reached))
    else if (isFirst) say('ready', {}, toEventId(cursor))
    if (missed !== null && missed.length > 0) say('changes', { changes: missed.map(toEventView) }, toEventId(reached))
    cursor = reached
    listener.cursor = reached
    // Nothing is awaited between this comparison and what follows from it.
    if (deps.hub.heard() === upTo) {
      listener.isCatchingUp = false
      return
    }
  }
}

/** The first look of a hub that has just begun. @throws when it failed: the client comes back. */
const waitForLook = async (hub: EventHub): Promise<EventCursor> => {
  await hub.looked()
  const heard = hub.heard()
  if (heard === null) throw new Error('no look for events succeeded')
  return heard
}

/** What the person may hear of now and has not heard, up to where the hub has; null when that is too much, or too long ago. */
const listMissed = async (deps: FollowDeps, actor: Actor, since: EventCursor, upTo: EventCursor): Promise<EventRecord[] | null> => {
  // A cursor of another database, or of one that was set back, is later than anything that was said here.
  if (upTo.at - since.at > keptMs || since.snapshot.xmax > upTo.snapshot.xmax + aheadMax) return null
  const { districtId, userId } = actor
  const page = { userId, since: since.snapshot, limit: missedMax + 1 }
  const found = await readDistrict(deps.app, districtId, (tx) => listMissedEvents(tx, page))
  if (found.length > missedMax) return null
  const missed = found.filter(({ xact }) => hasCommitted(upTo.snapshot, xact))
  if (missed.length === 0) return []
  const heard = await decide(deps, districtId, [actor], missed)
  return missed.filter(({ id }) => heard.get(actor.sessionId)?.has(id))
}

/** Another process may have looked a moment later than this one: so many transactions later, at most. */
const aheadMax = 1_000_000
