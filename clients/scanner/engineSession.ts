import { ScannerUnavailable } from '../../domain/scannerFault.ts'
import { connectToClamd } from './connectToClamd.ts'
import type { ClamdAddress } from './connectToClamd.ts'

const replyBytesMax = 4096

/**
 * A connection held open to one engine process (clamd `IDSESSION`). While it lives it is the same process with
 * the settings that it was started with: clamd reads them only at start. When it closes, nothing proven holds.
 */
export type EngineSession = {
  isOpen(): boolean
  close(): void
}

/** @throws ScannerUnavailable when the engine cannot be reached within `timeoutMs`. */
export const openEngineSession = async (address: ClamdAddress, timeoutMs: number): Promise<EngineSession> => {
  const socket = await connectToClamd(address, AbortSignal.timeout(timeoutMs))
  const close = (): void => void socket.destroy()
  // Nothing is asked on it, so whatever comes, even the engine's end, ends it.
  socket.on('data', close).on('end', close).on('error', close)
  socket.setKeepAlive(true, 15_000)
  // The watch must not keep the process alive.
  socket.unref()
  socket.write('zIDSESSION\0')
  return { isOpen: () => !socket.destroyed, close }
}

/**
 * The engine's `VERSION` line; it changes when a newer database is loaded. Asked on a connection of its own: inside a
 * session clamd sends number and text apart, and Nagle's algorithm then holds the text back for 40 ms.
 * @throws ScannerUnavailable
 */
export const askVersion = async (address: ClamdAddress, timeoutMs: number): Promise<string> => {
  const signal = AbortSignal.timeout(timeoutMs)
  const socket = await connectToClamd(address, signal)
  const stop = (): void => void socket.destroy(new Error('the engine does not answer'))
  signal.addEventListener('abort', stop, { once: true })
  let reply = ''
  try {
    socket.write('zVERSION\0')
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      reply += chunk.toString('latin1')
      if (reply.length > replyBytesMax) break
    }
  } catch (cause) {
    throw new ScannerUnavailable('the engine went away', { cause })
  } finally {
    signal.removeEventListener('abort', stop)
    socket.destroy()
  }
  return reply.endsWith('\0') ? reply.slice(0, -1) : reply
}
