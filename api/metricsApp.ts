import { Hono } from 'hono'
import type { ApiMetrics } from '../telemetry/createApiMetrics.ts'
import type { ApiDeps } from './apiDeps.ts'

/** `/metrics`, for a listener of its own: what the public may reach says nothing of how we are. */
export const createMetricsApp = (metrics: ApiMetrics, pools: Pick<ApiDeps, 'app' | 'auth'>): Hono =>
  new Hono().get('/metrics', async (c) => {
    for (const role of ['app', 'auth'] as const) {
      for (const [state, count] of Object.entries(pools[role].connections())) metrics.connections.set({ role, state }, count)
    }
    return c.text(await metrics.read(), 200, { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' })
  })
