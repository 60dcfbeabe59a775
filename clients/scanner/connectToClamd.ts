import net from 'node:net'
import tls from 'node:tls'
import { ScannerUnavailable } from '../../domain/scannerFault.ts'

/** Where clamd listens. `tls` for a TLS terminator in front of it: clamd itself speaks plain TCP. */
export type ClamdAddress = { host: string; port: number; tls?: boolean }

/**
 * Opens a connection that is ours to destroy. The signal ends the attempt, not the connection.
 * @throws ScannerUnavailable when it cannot be made.
 */
export const connectToClamd = (address: ClamdAddress, signal: AbortSignal): Promise<net.Socket> =>
  new Promise((resolve, reject) => {
    const { host, port } = address
    const socket = address.tls ? tls.connect({ host, port, servername: host }) : net.connect({ host, port, noDelay: true })
    const fail = (cause: unknown): void => {
      signal.removeEventListener('abort', abort)
      socket.destroy()
      reject(new ScannerUnavailable('the engine cannot be reached', { cause }))
    }
    const abort = (): void => fail(signal.reason)
    socket.once('error', fail)
    socket.once(address.tls ? 'secureConnect' : 'connect', () => {
      signal.removeEventListener('abort', abort)
      socket.off('error', fail)
      resolve(socket)
    })
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
  })
