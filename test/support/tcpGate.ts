import { once } from 'node:events'
import net from 'node:net'

export type TcpGate = {
  port: number
  /** `open` forwards; `held` takes connections and bytes and forwards nothing; `closed` hangs up on everybody. */
  set(state: 'open' | 'held' | 'closed'): void
  /** Resolves when somebody waits behind a held gate. */
  waiting(): Promise<void>
  stop(): Promise<void>
}

/** A door in front of a real server, to inject outages: the server itself is not touched, so that other tests keep it. */
export const startTcpGate = async (target: { host: string; port: number }): Promise<TcpGate> => {
  let state: 'open' | 'held' | 'closed' = 'open'
  const pairs = new Set<[net.Socket, net.Socket | null]>()
  let announce: (() => void) | null = null

  const forward = (client: net.Socket): void => {
    const upstream = net.connect(target)
    const pair: [net.Socket, net.Socket | null] = [client, upstream]
    pairs.add(pair)
    const end = (): void => {
      pairs.delete(pair)
      client.destroy()
      upstream.destroy()
    }
    for (const socket of [client, upstream]) socket.on('error', end).on('close', end)
    client.pipe(upstream).pipe(client)
    client.resume()
  }

  const held: net.Socket[] = []
  const server = net.createServer((client) => {
    client.on('error', () => undefined)
    if (state === 'closed') client.destroy()
    else if (state === 'open') forward(client)
    else {
      client.pause()
      held.push(client)
      announce?.()
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as net.AddressInfo

  const hangUp = (): void => {
    for (const [client, upstream] of pairs) {
      client.destroy()
      upstream?.destroy()
    }
    for (const client of held.splice(0)) client.destroy()
  }
  return {
    port,
    set: (next) => {
      state = next
      if (next === 'closed') hangUp()
      if (next === 'open') for (const client of held.splice(0)) forward(client)
    },
    waiting: () =>
      new Promise((resolve) => {
        announce = resolve
        if (held.length > 0) resolve()
      }),
    stop: async () => {
      hangUp()
      server.close()
      await once(server, 'close')
    },
  }
}
