import { once } from 'node:events'
import net from 'node:net'

/** An engine without our settings, to inject the worst fault: it answers `stream: OK` to everything that it is sent. */
export const startLyingClamd = async (): Promise<{ port: number; connections(): number; stop(): Promise<void> }> => {
  let connections = 0
  const sockets = new Set<net.Socket>()
  const server = net.createServer((socket) => {
    connections += 1
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
    let received = Buffer.alloc(0)
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk])
      const command = received.toString('latin1', 0, 32)
      if (command.includes('VERSION')) socket.end(`ClamAV 1.4.6/27000/Mon Jan  5 09:00:00 2026${command.startsWith('z') ? '\0' : '\n'}`)
      else if (command.includes('PING')) socket.end(`PONG${command.startsWith('z') ? '\0' : '\n'}`)
      else if (received.subarray(-4).equals(Buffer.alloc(4))) socket.end(`stream: OK${command.startsWith('z') ? '\0' : '\n'}`)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as net.AddressInfo).port,
    connections: () => connections,
    stop: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
