import net from 'node:net'

/** What the engine does with one scanned file, told as its bytes arrive and once more when it has ended. */
export type EngineFault = (socket: net.Socket, stream: { bytes: number; ended: boolean }) => void

/**
 * Speaks clamd's IDSESSION, VERSION and INSTREAM well enough to pass the probe, and does to every file (`fileLetter`) what `fault`
 * says. It exists to inject faults that the real clamd cannot be made to show.
 */
export const startFakeClamd = async (fault: EngineFault, options: { probe?: (sample: Buffer) => string } = {}) => {
  const sockets = new Set<net.Socket>()
  const state = { version: 'ClamAV 1.4.6/27470/Mon Nov 16 09:00:00 2026', probes: 0, scans: 0, fault, probe: options.probe ?? answerProbe }
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

/** Every file that a test scans is made of this letter; whatever else comes is a sample of the probe. */
export const fileLetter = 'a'

const serveStream = (
  socket: net.Socket,
  first: Buffer,
  state: { probes: number; scans: number; fault: EngineFault; probe: (sample: Buffer) => string },
): void => {
  let isProbe: boolean | undefined
  let pending = Buffer.alloc(0)
  let sample = Buffer.alloc(0)
  let bytes = 0
  const begin = (letter: number | undefined): boolean => {
    const isSample = letter !== fileLetter.charCodeAt(0)
    if (isSample) state.probes += 1
    else state.scans += 1
    return isSample
  }
  const end = (): void => {
    if (isProbe === true) socket.end(state.probe(sample))
    else state.fault(socket, { bytes, ended: true })
  }
  const read = (chunk: Buffer): void => {
    pending = Buffer.concat([pending, chunk])
    while (pending.length >= 4) {
      const length = pending.readUInt32BE(0)
      if (length === 0) return end()
      if (pending.length < 4 + length) break
      isProbe ??= begin(pending[4])
      bytes += length
      if (isProbe) sample = Buffer.concat([sample, pending.subarray(4, 4 + length)])
      pending = pending.subarray(4 + length)
    }
    if (isProbe === false) state.fault(socket, { bytes, ended: false })
  }
  if (first.length > 0) read(first)
  socket.on('data', read)
}

/** Answers as a rightly configured engine does. */
export const answerProbe = (sample: Buffer): string => {
  if (sample.includes('ANTIVIRUS-TEST')) return 'stream: Eicar-Test-Signature FOUND\0'
  if (sample.subarray(0, 2).toString() === 'PK') return 'stream: Heuristics.Encrypted.Zip FOUND\0'
  if (sample.subarray(0, 4).toString() === '%PDF') return 'stream: Heuristics.Encrypted.PDF FOUND\0'
  if (sample[0] === 0x1f) return 'stream: Heuristics.Limits.Exceeded.MaxScanSize FOUND\0'
  // The size that a tar promises, in octal, of which 400 MiB are the limit.
  const isOver = sample.includes('ustar') && Number.parseInt(sample.toString('latin1', 124, 135), 8) > 400 * 1024 * 1024
  return isOver ? 'stream: Heuristics.Limits.Exceeded.MaxScanSize FOUND\0' : 'stream: OK\0'
}
