import { serve } from '@hono/node-server'
import type { Hono } from 'hono'

/** Serves what stands in for an outside system, on this machine only; at port 0 on one that is free. `stop` hangs up on whoever is still there. */
export const serveSink = async (app: Hono, port: number): Promise<{ web: string; stop: () => Promise<void> }> => {
  const { server, bound } = await new Promise<{ server: ReturnType<typeof serve>; bound: number }>((resolve, reject) => {
    const starting = serve({ fetch: app.fetch, port, hostname: '127.0.0.1' }, (address) =>
      resolve({ server: starting, bound: address.port }),
    )
    starting.once('error', reject)
  })
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve())
      if ('closeAllConnections' in server) server.closeAllConnections()
    })
  return { web: `http://127.0.0.1:${bound}`, stop }
}
