import { setTimeout as wait } from 'node:timers/promises'
import type { EventView } from '../../api/schemas/eventSchema.ts'
import { followEvents, type FollowedEvents } from '../support/followEvents.ts'

/** Somebody whose client is open all the time, and comes back with the last id whenever it is cut. */
export type Ear = {
  /** How often each change was told: `kind subjectId`. */
  heard: ReadonlyMap<string, number>
  /** How often it had to come back. */
  cuts(): number
  /** What a stream may never say here. */
  wrong: readonly string[]
  close(): Promise<void>
}

const againAfterMs = 50

/** Resolves once the stream said from where on everything is told. */
export const openEar = async (apiUrl: string, token: string): Promise<Ear> => {
  const heard = new Map<string, number>()
  const wrong: string[] = []
  const ready = Promise.withResolvers<void>()
  let cuts = 0
  let lastId: string | null = null
  let current: FollowedEvents | null = null
  const closing = new AbortController()

  const listen = async (stream: FollowedEvents): Promise<void> => {
    for (let frame = await stream.next(); frame !== null; frame = await stream.next()) {
      lastId = frame.id
      if (frame.event === 'ready') ready.resolve()
      else if (frame.event !== 'changes') wrong.push(`the stream said ${frame.event}`)
      else
        for (const { kind, subjectId } of (JSON.parse(frame.data) as { changes: EventView[] }).changes) {
          const key = `${kind} ${subjectId}`
          heard.set(key, (heard.get(key) ?? 0) + 1)
        }
    }
    // A comment may have moved it on.
    lastId = stream.lastId()
  }

  const follow = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      current = await followEvents(apiUrl, token, { lastId }).catch(() => null)
      if (current?.status === 200) await listen(current)
      else if (current !== null && current.status !== 503) wrong.push(`the stream answered ${current.status}`)
      if (current?.status === 200 && !closing.signal.aborted) cuts += 1
      await wait(againAfterMs)
    }
  }
  const following = follow()
  await ready.promise
  return {
    heard,
    wrong,
    cuts: () => cuts,
    close: async () => {
      closing.abort()
      await current?.close()
      await following
    },
  }
}
