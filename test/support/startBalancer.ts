import http from 'node:http'
import type { AddressInfo } from 'node:net'

export type Balancer = {
  url: string
  add(backend: string): void
  remove(backend: string): void
  stop(): Promise<void>
}

/**
 * A balancer as production has one, in front of API processes: round robin over those whose `/readyz` says 200, connections kept, and another one tried only when a connection
 * was refused. Whatever else goes wrong is the client's, so that a test sees it.
 */
export const startBalancer = async (lookEveryMs = 100): Promise<Balancer> => {
  const backends = new Map<string, { isReady: boolean }>()
  const agent = new http.Agent({ keepAlive: true })
  let turn = 0

  const forward = (request: http.IncomingMessage, response: http.ServerResponse, body: Buffer): void => {
    const ready = [...backends].filter(([, { isReady }]) => isReady).map(([url]) => url)
    const tryFrom = (tries: number): void => {
      const backend = ready[(turn += 1) % ready.length]
      if (backend === undefined || tries > ready.length) return void response.writeHead(502).end('nobody is ready')
      const options = { method: request.method, headers: request.headers, agent }
      const upstream = http.request(`${backend}${request.url ?? ''}`, options, (answer) => {
        const { connection: _, ...headers } = answer.headers
        response.writeHead(answer.statusCode ?? 502, headers)
        answer.pipe(response)
        answer.on('error', () => response.destroy())
      })
      upstream.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ECONNREFUSED') tryFrom(tries + 1)
        else response.destroy()
      })
      response.on('close', () => upstream.destroy())
      upstream.end(body)
    }
    tryFrom(1)
  }

  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => forward(request, response, Buffer.concat(chunks)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const look = async (): Promise<void> => {
    for (const [url, standing] of backends)
      standing.isReady = await fetch(`${url}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      )
  }
  const looking = setInterval(() => void look(), lookEveryMs)
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    add: (backend) => void backends.set(backend, { isReady: false }),
    remove: (backend) => void backends.delete(backend),
    stop: async () => {
      clearInterval(looking)
      agent.destroy()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
