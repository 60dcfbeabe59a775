import type { SSEStreamingApi } from 'hono/streaming'

export type OutletPace = { eventHeartbeatMs: number; eventStreamMaxMs: number; eventDecisionMs: number }

/** So many frames may wait for a slow receiver. Then it is cut, and comes back with the id of the last one that it took. */
const waitingMax = 16

/**
 * Writes frames to one receiver, in order. Each was decided when it was said: one that could not be written soon after is not written any more, and the receiver is cut.
 * Ends by itself after `eventStreamMaxMs`, with the receiver, or with the process.
 */
export const createOutlet = (
  stream: SSEStreamingApi,
  { eventHeartbeatMs, eventStreamMaxMs, eventDecisionMs, closing, cut }: OutletPace & { closing: AbortSignal; cut: () => void },
) => {
  const { promise: done, resolve } = Promise.withResolvers<void>()
  let waiting = 0
  let written = Promise.resolve()
  let lastId = ''
  let isOver = false

  const close = (): void => {
    if (isOver) return
    isOver = true
    clearInterval(heartbeat)
    clearTimeout(end)
    clearTimeout(stall)
    closing.removeEventListener('abort', close)
    void written.finally(resolve)
  }

  const write = (frame: string): void => {
    if (isOver) return
    if (waiting >= waitingMax) return giveUp()
    waiting += 1
    written = writeNext(written, frame, performance.now())
  }

  const writeNext = async (before: Promise<void>, frame: string, decidedAt: number): Promise<void> => {
    await before
    if (stream.aborted) return close()
    if (performance.now() - decidedAt > eventDecisionMs) return giveUp()
    await stream.write(frame)
    waiting -= 1
    if (isOver) return
    heartbeat.refresh()
    stall.refresh()
  }

  const giveUp = (): void => {
    cut()
    close()
  }

  const say = (event: string, data: unknown, id: string): void => {
    lastId = id
    write(`event: ${event}\ndata: ${JSON.stringify(data)}\nid: ${id}\n\n`)
  }

  // Without data a client dispatches nothing, and remembers the id.
  const heartbeat = setInterval(() => write(`: still here\n${lastId === '' ? '' : `id: ${lastId}\n`}\n`), eventHeartbeatMs)
  const end = setTimeout(close, eventStreamMaxMs)
  // A receiver that takes nothing blocks a heartbeat, and everything behind it.
  const stall = setTimeout(giveUp, 3 * eventHeartbeatMs)
  closing.addEventListener('abort', close)
  stream.onAbort(close)
  if (closing.aborted) close()

  return {
    done,
    say,
    close,
    /** Nothing to tell: the next heartbeat carries the id. */
    moveTo: (id: string): void => {
      lastId = id
    },
    sayLast: (event: string): void => {
      write(`event: ${event}\ndata: {}\n\n`)
      close()
    },
  }
}
