import { Readable } from 'node:stream'
import type { Duplex } from 'node:stream'
import NodeClam from 'clamscan'
import type { EngineVersion, ScanAnswer } from '../../domain/ports.ts'
import { ScannerUnavailable, ScanSourceBroken } from '../../domain/scannerFault.ts'
import { connectToClamd } from './connectToClamd.ts'
import type { ClamdAddress } from './connectToClamd.ts'
import { createEngineWire } from './engineWire.ts'
import { meterSource } from './meterSource.ts'
import { createSourceWait, type SourceWait } from './sourceWait.ts'
import { toAnswerFault, toScanAnswer } from './toScanAnswer.ts'

/** `zINSTREAM\0`, a length before each chunk, and the zero length at the end: what clamscan adds to the bytes. */
const framingBytes = (chunks: number): number => 'zINSTREAM\0'.length + 4 * chunks + 4

/** clamscan on a connection that we opened, watch and destroy, since it leaves its own open on most faults. */
class WiredClam extends NodeClam {
  readonly #wire: Duplex
  constructor(wire: Duplex) {
    super()
    this.#wire = wire
  }
  override _initSocket(): Promise<Duplex> {
    return Promise.resolve(this.#wire)
  }
}

const openClam = (address: ClamdAddress, wire: Duplex): Promise<NodeClam> =>
  new WiredClam(wire).init({
    debugMode: false,
    preference: 'clamdscan',
    // Empty paths and no fallback: never a local binary in place of the engine that was probed.
    clamscan: { active: false, path: '' },
    clamdscan: { active: true, host: address.host, port: address.port, path: '', timeout: 0, localFallback: false, bypassTest: true },
  })

/**
 * Sends `body` through one INSTREAM and answers what the engine said. Whatever happens, the connection and
 * `body` are destroyed before it settles, and it settles when `signal` aborts, with the signal's reason.
 * The caller vouches for the engine's settings (`createClamdScanner`), and hears when the engine has begun to take the file.
 * @throws ScannerUnavailable, ScannerMisconfigured, ScanSourceBroken, or the error of `body` itself.
 */
export const streamThroughEngine = async (
  address: ClamdAddress,
  body: Readable,
  options: { bytes: number; engine: EngineVersion; signal: AbortSignal; wait?: SourceWait; onConnect?: () => void },
): Promise<ScanAnswer> => {
  const { bytes, engine, signal, wait = createSourceWait(), onConnect } = options
  const ended = new AbortController()
  const fault = Promise.withResolvers<never>()
  // Faults may come before or after somebody listens.
  fault.promise.catch(() => {})
  body.on('error', fault.reject)
  const abort = (): void => fault.reject(signal.reason)
  signal.addEventListener('abort', abort, { once: true })
  if (signal.aborted) abort()
  try {
    const socket = await Promise.race([connectToClamd(address, AbortSignal.any([signal, ended.signal])), fault.promise])
    ended.signal.addEventListener('abort', () => socket.destroy(), { once: true })
    onConnect?.()
    let chunks = 0
    // The answer is in `raw` before the connection ends, so an orderly end settles the race first.
    const wire = createEngineWire(socket, bytes, (cause) => setImmediate(() => fault.reject(toWireFault(wire.raw(), cause))))
    ended.signal.addEventListener('abort', () => wire.stream.destroy(), { once: true })
    const clam = await openClam(address, wire.stream)
    const source = Readable.from(meterSource(body, bytes, { sink: wire.stream, signal: ended.signal, wait, onChunk: () => (chunks += 1) }))
    source.on('error', fault.reject)
    ended.signal.addEventListener('abort', () => source.destroy(), { once: true })
    const scanned = clam.scanStream(source).catch((cause: unknown) => Promise.reject(toWireFault(wire.raw(), cause)))
    const result = await Promise.race([scanned, fault.promise])
    if (wire.sentBeforeAnswer() !== bytes + framingBytes(chunks)) {
      throw new ScannerUnavailable('the engine answered before it had exactly the whole stream')
    }
    return toScanAnswer(result, wire.raw(), engine)
  } catch (error) {
    throw toScanFault(error)
  } finally {
    signal.removeEventListener('abort', abort)
    ended.abort()
    body.destroy()
  }
}

const toWireFault = (raw: string, cause: unknown): Error => {
  const fault = toAnswerFault(raw)
  fault.cause ??= cause
  return fault
}

/** A source that closes without an error has broken all the same; other errors stay as they are. */
const toScanFault = (error: unknown): unknown =>
  error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE'
    ? new ScanSourceBroken('the stream was closed early', { cause: error })
    : error
