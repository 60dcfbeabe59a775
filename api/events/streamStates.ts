import type { Context } from 'hono'
import { streamSSE } from 'hono/streaming'
import { toLoggableFault } from '../../domain/toLoggableFault.ts'
import type { ApiDeps, StreamPace } from '../apiDeps.ts'
import type { ApiEnv } from '../apiEnv.ts'

const cutGraceMs = 5_000

/** What is followed. `load` decides again at every look and answers null when the reader may not see it (any more). */
export type Followed<View> = {
  first: View
  load(): Promise<View | null>
  isEnd(view: View): boolean
  /** Has `wake` called whenever it may have changed. Answers the function that ends it. */
  watch(wake: () => void): () => void
  /** Called once, however the stream ends. */
  release(): void
}

/**
 * Server-sent events: `state` with the whole view at once and at each change, then `end` after a state that no workflow leaves, or
 * `gone` when access ended. A look that fails closes the stream without a word; the client comes back and is decided again.
 */
export const streamStates = <View>(
  c: Context<ApiEnv>,
  deps: Pick<ApiDeps, 'closing'> & { pace: StreamPace },
  followed: Followed<View>,
): Response => {
  c.header('X-Accel-Buffering', 'no')
  const response = streamSSE(c, async (stream) => {
    const { pace } = deps
    const endsAt = performance.now() + pace.eventStreamMaxMs
    const isOver = () => stream.aborted || deps.closing.aborted || performance.now() >= endsAt
    // A receiver that takes nothing blocks the next event, and with it the look at the clock.
    const cut = setTimeout(() => c.env.outgoing.destroy(), pace.eventStreamMaxMs + pace.eventPollMs + cutGraceMs)
    let woken = Promise.withResolvers<void>()
    const unwatch = followed.watch(() => woken.resolve())
    let shown = ''
    let spokeAt = performance.now()
    const say = (event: string, data: string) => {
      spokeAt = performance.now()
      return stream.writeSSE({ event, data })
    }
    try {
      let view: View | null = followed.first
      while (!isOver()) {
        if (view === null) return await say('gone', '{}')
        const data = JSON.stringify(view)
        if (data !== shown) await say('state', data)
        shown = data
        if (followed.isEnd(view)) return await say('end', '{}')
        if (performance.now() - spokeAt >= pace.eventHeartbeatMs) {
          spokeAt = performance.now()
          await stream.write(': still here\n\n')
        }
        await Promise.race([stream.sleep(pace.eventPollMs), woken.promise])
        woken = Promise.withResolvers()
        if (isOver()) return
        view = await followed.load()
      }
    } catch (error) {
      c.get('log').warn({ requestId: c.get('requestId'), fault: toLoggableFault(error) }, 'event stream closed')
    } finally {
      clearTimeout(cut)
      unwatch()
      followed.release()
    }
  })
  response.headers.set('Cache-Control', 'no-store')
  return response
}
