import type { ServerType } from '@hono/node-server'
import { setTimeout as sleep } from 'node:timers/promises'

export type DrainPace = {
  /** How long the process goes on serving while `/readyz` says that it leaves, so that balancers stop sending to it. Milliseconds. */
  leaveMs: number
  /** Requests that have not ended so long after the door was shut are cut. Milliseconds. */
  cutMs: number
}

/** How a process that serves requests comes to its end. `leaving` is aborted first, `closing` when the door is shut. */
export type Departure = { leaving: AbortController; closing: AbortController }

/**
 * Leaves without failing a request: says so and goes on serving, with a last answer on each connection; then shuts the door, ends event streams in order, which makes their
 * clients come back elsewhere, and lets what is under way end within the bound.
 */
export const drain = async (server: ServerType, { leaving, closing }: Departure, { leaveMs, cutMs }: DrainPace): Promise<void> => {
  leaving.abort()
  await sleep(leaveMs)
  closing.abort()
  await closeServer(server, cutMs)
}

/** Takes no connections any more, lets what is under way end, and cuts it when `cutMs` is over. */
export const closeServer = (server: ServerType, cutMs: number): Promise<void> =>
  new Promise((resolve) => {
    const cut = setTimeout(() => 'closeAllConnections' in server && server.closeAllConnections(), cutMs)
    server.close(() => {
      clearTimeout(cut)
      resolve()
    })
    if ('closeIdleConnections' in server) server.closeIdleConnections()
  })
