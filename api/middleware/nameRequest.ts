import type { Context } from 'hono'
import { requestId } from 'hono/request-id'
import { validate as isUuid, v4 as newId } from 'uuid'

const header = 'X-Request-Id'

/** The caller's own name of the request if it is a UUID, else a new one: any other would bring words of their choosing into our log. */
const toRequestId = (c: Context): string => {
  const named = c.req.header(header)
  return named !== undefined && isUuid(named) ? named : newId()
}

/**
 * Names every request, in its log line, its answer's header and its problem document. A limit of 0 makes the middleware take no caller's name by itself, so that every
 * name comes from `toRequestId`.
 */
export const nameRequest = requestId({ headerName: header, limitLength: 0, generator: toRequestId })
