import { once } from 'node:events'
import net from 'node:net'

const chunkBytes = 64 * 1024

/** One INSTREAM with nothing around it: the floor. @throws when clamd says anything but OK. */
const scanOne = async ({ host, port }: { host: string; port: number }, content: Buffer): Promise<void> => {
  const socket = net.connect({ host, port, noDelay: true })
  await once(socket, 'connect')
  let answer = ''
  socket.on('data', (data: Buffer) => (answer += data.toString('latin1')))
  const ended = once(socket, 'close')
  socket.write('zINSTREAM\0')
  const length = Buffer.alloc(4)
  for (let at = 0; at < content.length; at += chunkBytes) {
    const chunk = content.subarray(at, at + chunkBytes)
    length.writeUInt32BE(chunk.length)
    socket.write(Buffer.from(length))
    if (!socket.write(chunk)) await once(socket, 'drain')
  }
  socket.write(Buffer.alloc(4))
  await ended
  if (answer !== 'stream: OK\0') throw new Error('the engine found something in a harmless file')
}

/** Sends all files through clamd alone, `connections` at a time. Answers the seconds that it took. */
export const scanRaw = async (clamd: { host: string; port: number }, files: readonly Buffer[], connections: number): Promise<number> => {
  const queue = files.values()
  const began = performance.now()
  const work = async (): Promise<void> => {
    for (const content of queue) await scanOne(clamd, content)
  }
  await Promise.all(Array.from({ length: connections }, work))
  return (performance.now() - began) / 1_000
}
