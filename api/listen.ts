import { serve, type ServerType } from '@hono/node-server'
import type { ServerOptions } from 'node:http'

/** How long a client may take to send its headers, and the whole of its request, in milliseconds; who is slower is cut off. */
export const requestLimits = {
  /** Longer than a balancer keeps a connection that nobody uses, often a minute: it must be the one who closes, or a request is sent into a closed door. */
  keepAliveTimeout: 75_000,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 5_000,
} as const satisfies ServerOptions

/** Listens on `host:port`; port 0 is any free one. Rejects when the port is taken. */
export const listen = (
  app: { fetch: (request: Request) => Response | Promise<Response> },
  { host, port }: { host: string; port: number },
  limits: ServerOptions = requestLimits,
): Promise<{ server: ServerType; port: number }> =>
  new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, hostname: host, port, serverOptions: limits }, (address) =>
      resolve({ server, port: address.port }),
    )
    server.once('error', reject)
  })
