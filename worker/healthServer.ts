import { serve } from '@hono/node-server'
import { Hono } from 'hono'

/** Whether each part works, by name. Names and booleans only: the answer is public inside the network. */
export type Readiness = () => Promise<Readonly<Record<string, boolean>>>

export type HealthServer = { port: number; close(): Promise<void> }

/**
 * `/livez`: the process answers. `/readyz`: every part works, 503 and the parts by name when one does not. `/metrics`: counts and times, in
 * Prometheus' text format.
 */
export const startHealthServer = (
  address: { host: string; port: number },
  readiness: Readiness,
  readMetrics: () => Promise<string>,
): Promise<HealthServer> => {
  const app = new Hono()
  app.get('/livez', (context) => context.json({ status: 'ok' }))
  app.get('/readyz', async (context) => {
    const parts = await readiness()
    const isReady = Object.values(parts).every(Boolean)
    return context.json({ status: isReady ? 'ok' : 'unavailable', parts }, isReady ? 200 : 503)
  })
  app.get('/metrics', async (context) =>
    context.text(await readMetrics(), 200, { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' }),
  )
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: address.host, port: address.port }, ({ port }) =>
      resolve({ port, close: () => new Promise((closed) => server.close(() => closed())) }),
    )
    server.once('error', reject)
  })
}
