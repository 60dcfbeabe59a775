import { once } from 'node:events'
import net from 'node:net'

/**
 * A door in front of the real clamd that never lets a stream through which contains `marker`: as with a file that an engine chews on for ever.
 * `mend` lets everything through from then on.
 */
export const startStallingClamd = async (target: { host: string; port: number }, marker: string) => {
  let isMended = false
  const sockets = new Set<net.Socket>()
  const stalled = new Set<net.Socket>()
  const server = net.createServer((client) => {
    const upstream = net.connect(target)
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(one)
      one.on('error', () => other.destroy()).on('close', () => other.destroy())
      one.on('close', () => stalled.delete(one))
    }
    upstream.pipe(client)
    client.on('data', (chunk: Buffer) => {
      if (!isMended && chunk.includes(marker)) stalled.add(client)
      if (!stalled.has(client)) upstream.write(chunk)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    host: '127.0.0.1',
    port: (server.address() as net.AddressInfo).port,
    /** How many streams are being chewed on now. */
    stalled: () => stalled.size,
    mend: () => (isMended = true),
    stop: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
