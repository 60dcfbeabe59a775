import net from 'node:net'

/** What the engine does with one scanned stream, once the probe samples are through. */
export type EngineFault = (socket: net.Socket, stream: { bytes: number; ended: boolean }) => void

/**
 * Speaks clamd's IDSESSION, VERSION and INSTREAM well enough to pass the probe, then does to every later stream what `fault`
 * says. It exists to inject faults that the real clamd cannot be made to show.
 */
export const startFakeClamd = async (fault: EngineFault, options: { probe?: (sample: Buffer) => string } = {}) => {
  const sockets = new Set<net.Socket>()
  const state = { version: 'ClamAV 1.4.6/27470/Mon Nov 16 09:00:00 2026', probes: 0, fault, probe: options.probe ?? answerProbe }
  const server = net.createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    let head = ''
    const onHead = (chunk: Buffer): void => {
      head += chunk.toString('latin1')
      if (head.startsWith('zIDSESSION\0')) socket.resume()
      else if (head.startsWith('zVERSION\0')) socket.end(`${state.version}\0`)
      else if (head.startsWith('zINSTREAM\0')) serveStream(socket, Buffer.from(head.slice('zINSTREAM\0'.length), 'latin1'), state)
      else return
      socket.off('data', onHead)
    }
    socket.on('data', onHead)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the fake engine has no port')
  return {
    host: '127.0.0.1',
    port: address.port,
    state,
    /** Connections that the other side has not closed. A paused one does not notice, so all read on. */
    openSockets: () => {
      state.fault = () => {}
      for (const socket of sockets) socket.resume()
      return sockets.size
    },
    endAll: () => sockets.forEach((socket) => socket.destroy()),
    stop: () => {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(resolve))
    },
  }
}

const probeSamplesCount = 5

const serveStream = (
  socket: net.Socket,
  first: Buffer,
  state: { probes: number; fault: EngineFault; probe: (sample: Buffer) => string },
): void => {
  const isProbe = state.probes < probeSamplesCount
  if (isProbe) state.probes += 1
  let pending = Buffer.alloc(0)
  let body = Buffer.alloc(0)
  let bytes = 0
  const read = (chunk: Buffer): void => {
    pending = Buffer.concat([pending, chunk])
    while (pending.length >= 4) {
      const length = pending.readUInt32BE(0)
      if (length === 0) return isProbe ? void socket.end(state.probe(body)) : state.fault(socket, { bytes, ended: true })
      if (pending.length < 4 + length) break
      bytes += length
      if (isProbe) body = Buffer.concat([body, pending.subarray(4, 4 + length)])
      pending = pending.subarray(4 + length)
    }
    if (!isProbe) state.fault(socket, { bytes, ended: false })
  }
  if (first.length > 0) read(first)
  socket.on('data', read)
}

/** Answers as a rightly configured engine does. */
export const answerProbe = (sample: Buffer): string => {
  if (sample.includes('ANTIVIRUS-TEST')) return 'stream: Eicar-Test-Signature FOUND\0'
  if (sample.subarray(0, 2).toString() === 'PK') return 'stream: Heuristics.Encrypted.Zip FOUND\0'
  if (sample.subarray(0, 4).toString() === '%PDF') return 'stream: Heuristics.Encrypted.PDF FOUND\0'
  if (sample[0] === 0x1f) return 'stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND\0'
  return 'stream: OK\0'
}
