import { createMiddleware } from 'hono/factory'
import type { ApiEnv } from '../apiEnv.ts'

/** Makes each answer the last on its connection once the process leaves: a connection that is kept would be cut under somebody's next request. */
export const endConnections = (leaving: AbortSignal) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    await next()
    if (leaving.aborted) c.res.headers.set('Connection', 'close')
  })
