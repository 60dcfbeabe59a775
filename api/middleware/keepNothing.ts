import { createMiddleware } from 'hono/factory'
import type { ApiEnv } from '../apiEnv.ts'

/** Says of every answer that nobody on the way may keep it: what was readable a moment ago may no longer be (law 1). */
export const keepNothing = createMiddleware<ApiEnv>(async (c, next) => {
  await next()
  if (!c.res.headers.has('Cache-Control')) c.res.headers.set('Cache-Control', 'no-store')
})
