import { setTimeout as sleep } from 'node:timers/promises'
import { acrossDistricts, readDistrict } from '../../db/openDatabase.ts'
import type { EventRecord } from '../../db/queries/eventRow.ts'
import { listEventReaders } from '../../db/queries/listEventReaders.ts'
import { listHoldingSessions } from '../../db/queries/listHoldingSessions.ts'
import { findEventCursor, listNewEvents } from '../../db/queries/listNewEvents.ts'
import { hasCommitted, isLater, type EventCursor } from '../../domain/eventCursor.ts'
import { toLoggableFault } from '../../domain/toLoggableFault.ts'
import type { ApiDeps } from '../apiDeps.ts'

/** Somebody who follows events by a session of theirs. */
export type Listener = {
  districtId: string
  sessionId: string
  /** What they have heard; null until the hub says from where they hear. They take no news while they catch up by themselves. */
  cursor: EventCursor | null
  isCatchingUp: boolean
  /** News of one look, decided a moment ago; none when only the cursor moved. */
  tell(events: readonly EventRecord[], cursor: EventCursor): void
  /** `gone`: the session or the person ended. `cut`: nothing could be decided; they come back and are decided again. */
  end(reason: 'gone' | 'cut'): void
}

/** Somebody who looks by themselves, and is woken when what they look at changed. */
type Watcher = { districtId: string; subjectId: string; wake: () => void }

export type EventHub = ReturnType<typeof createEventHub>

type HubDeps = Pick<ApiDeps, 'app' | 'auth' | 'pace' | 'log' | 'closing'>

/**
 * All event streams of this process hear through one: it looks for new events every few hundred milliseconds while anybody listens, asks the live roster once for each
 * district who may hear of them (law 1), and tells. It also asks whether each session still holds.
 */
export const createEventHub = (deps: HubDeps) => {
  const listeners = new Set<Listener>()
  const watchers = new Set<Watcher>()
  let cursor: EventCursor | null = null
  let running: Promise<void> | null = null
  let look = Promise.withResolvers<void>()

  const isNeeded = () => (listeners.size > 0 || watchers.size > 0) && !deps.closing.aborted

  const runWhileNeeded = async (): Promise<void> => {
    let holdsAt = performance.now()
    while (isNeeded()) {
      try {
        await lookForNews()
        if (performance.now() - holdsAt >= deps.pace.eventPollMs) {
          holdsAt = performance.now()
          await endLostSessions()
        }
      } catch (error) {
        deps.log.warn({ fault: toLoggableFault(error) }, 'looking for events failed')
      }
      look.resolve()
      look = Promise.withResolvers()
      await sleep(deps.pace.eventWakeMs)
    }
    cursor = null
    running = null
  }

  const lookForNews = async (): Promise<void> => {
    const since = cursor ?? (await acrossDistricts(deps.auth, findEventCursor))
    const news = await acrossDistricts(deps.auth, (tx) => listNewEvents(tx, since))
    // From here on whoever joins catches up to this look by themselves: those who are told of it are those who listen now.
    cursor = news.cursor
    const present = [...listeners].filter(({ isCatchingUp }) => !isCatchingUp)
    for (const { districtId, subjectId, wake } of watchers)
      if (news.events.some((event) => event.districtId === districtId && event.subjectId === subjectId)) wake()
    const districts = Map.groupBy(present, ({ districtId }) => districtId)
    await Promise.all([...districts].map(([districtId, members]) => tellDistrict(districtId, members, news)))
  }

  const tellDistrict = async (
    districtId: string,
    members: readonly Listener[],
    news: { events: readonly EventRecord[]; cursor: EventCursor },
  ): Promise<void> => {
    const events = news.events.filter((event) => event.districtId === districtId)
    try {
      const heard = events.length === 0 ? new Map<string, Set<string>>() : await decide(deps, districtId, members, events)
      for (const listener of members) {
        const known = listener.cursor
        const mine = events.filter(
          ({ id, xact }) => heard.get(listener.sessionId)?.has(id) && !(known !== null && hasCommitted(known.snapshot, xact)),
        )
        listener.tell(mine, known !== null && isLater(known.snapshot, news.cursor.snapshot) ? known : news.cursor)
      }
    } catch (error) {
      deps.log.warn({ fault: toLoggableFault(error) }, 'deciding on events failed')
      for (const listener of members) listener.end('cut')
    }
  }

  const endLostSessions = async (): Promise<void> => {
    const districts = Map.groupBy([...listeners], ({ districtId }) => districtId)
    await Promise.all([...districts].map(([districtId, members]) => endLost(deps, districtId, members)))
  }

  const start = (): void => {
    running ??= runWhileNeeded()
  }

  return {
    /** Up to where this process has heard; null before its first look. */
    heard: (): EventCursor | null => cursor,
    /** Until it has looked again, whether it saw anything or not. */
    looked: (): Promise<void> => look.promise,
    /** Answers the function by which the listener leaves. */
    join: (listener: Listener): (() => void) => {
      listeners.add(listener)
      start()
      return () => void listeners.delete(listener)
    },
    /** Wakes somebody when `subjectId` changed; they decide by themselves. Answers the function that ends it. */
    watch: (watcher: Watcher): (() => void) => {
      watchers.add(watcher)
      start()
      return () => void watchers.delete(watcher)
    },
  }
}

/** Ends the listeners whose session holds no more, or whose person is active no more. */
const endLost = async ({ app }: Pick<ApiDeps, 'app'>, districtId: string, members: readonly Listener[]): Promise<void> => {
  const sessionIds = members.map(({ sessionId }) => sessionId)
  const holding = await readDistrict(app, districtId, (tx) => listHoldingSessions(tx, sessionIds))
  for (const listener of members) if (!holding.has(listener.sessionId)) listener.end('gone')
}

/** Which events each session may hear of at this moment. */
export const decide = async (
  { app }: Pick<ApiDeps, 'app'>,
  districtId: string,
  members: readonly Pick<Listener, 'sessionId'>[],
  events: readonly EventRecord[],
): Promise<Map<string, Set<string>>> => {
  const sessionIds = [...new Set(members.map(({ sessionId }) => sessionId))]
  const rows = await readDistrict(app, districtId, (tx) => listEventReaders(tx, { events, sessionIds }))
  const heard = new Map<string, Set<string>>()
  for (const { eventId, sessionId } of rows) heard.set(sessionId, (heard.get(sessionId) ?? new Set()).add(eventId))
  return heard
}
