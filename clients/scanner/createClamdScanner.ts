import type { Readable } from 'node:stream'
import type { EngineVersion, ScanAnswer, VirusScanner } from '../../domain/ports.ts'
import { ScanInterrupted, ScanSourceBroken, ScannerMisconfigured, ScannerUnavailable } from '../../domain/scannerFault.ts'
import type { ClamdAddress } from './connectToClamd.ts'
import { openEngineSession } from './engineSession.ts'
import type { EngineSession } from './engineSession.ts'
import { isProven, probeEngine } from './probeEngine.ts'
import type { EngineProof } from './probeEngine.ts'
import { createSourceWait, type SourceWait } from './sourceWait.ts'
import { streamThroughEngine } from './streamThroughEngine.ts'

export type ClamdScannerOptions = ClamdAddress & {
  /** From the call of `scan` or `probe` to its answer, everything included. clamd's own MaxScanTime is 120 s. */
  deadlineMs?: number
  /** To connect, or to say a version. */
  timeoutMs?: number
  /** How long a passed probe counts when nothing else ends it. */
  proofMaxAgeMs?: number
}

export type ClamdScanner = VirusScanner & { close(): void }

/**
 * The virus scanner over clamd, which never says clean by mistake: `ok` needs a probe passed by this very engine process
 * and database, the whole stream, and exactly `stream: OK` (docs/decisions/scanner-adapter.md).
 * Each clamd needs a scanner of its own: behind a balancer the proven engine need not be the one that is asked.
 */
export const createClamdScanner = (options: ClamdScannerOptions): ClamdScanner => {
  const { deadlineMs = 180_000, timeoutMs = 10_000, proofMaxAgeMs = 300_000 } = options
  let session: EngineSession | undefined
  let proof: EngineProof | undefined
  let proving: Promise<EngineProof> | undefined
  let closed = false

  /** The session outlives a lost proof: scans that began under it are still judged by it. */
  const getSession = async (): Promise<EngineSession> => {
    if (session?.isOpen()) return session
    session = await openEngineSession(options, timeoutMs)
    if (closed) session.close()
    return session
  }

  const prove = async (): Promise<EngineProof> => {
    proof = undefined
    try {
      proof = await probeEngine(options, await getSession(), { timeoutMs, signal: AbortSignal.timeout(deadlineMs) })
      return proof
    } catch (error) {
      throw isDeadline(error) ? toDeadlineFault(error) : error
    }
  }

  /** One probe at a time; all who wait share its outcome. */
  const proveOnce = (): Promise<EngineProof> => (proving ??= prove().finally(() => (proving = undefined)))

  const getProof = async (): Promise<EngineProof> => {
    const held = proof
    if (held === undefined || performance.now() - held.provenAt > proofMaxAgeMs) return proveOnce()
    return (await isProven(options, held, timeoutMs)) ? held : proveOnce()
  }

  /** `isAtWork` is told when the engine has begun with the file, and when it has answered. */
  const scanProven = async (
    body: Readable,
    { isAtWork, ...stream }: { bytes: number; signal: AbortSignal; wait: SourceWait; isAtWork: (is: boolean) => void },
  ): Promise<ScanAnswer> => {
    const held = await getProof()
    const answer = await streamThroughEngine(options, body, { ...stream, engine: held.engine, onConnect: () => isAtWork(true) })
    isAtWork(false)
    if (!(await isProven(options, held, timeoutMs))) throw new ScannerUnavailable('the engine changed during the scan')
    return answer
  }

  const scan = async (body: Readable, { bytes, signal }: { bytes: number; signal?: AbortSignal }): Promise<ScanAnswer> => {
    const startedAt = performance.now()
    const settled = new AbortController()
    const stop = AbortSignal.any([AbortSignal.timeout(deadlineMs), settled.signal, ...(signal === undefined ? [] : [signal])])
    let isInMiddle = false
    const wait = createSourceWait()
    // The source may fail while the engine is still being proven.
    const broken = Promise.withResolvers<never>()
    broken.promise.catch(() => {})
    body.on('error', broken.reject)
    try {
      if (closed) throw new ScannerUnavailable('the scanner is closed')
      if (!Number.isSafeInteger(bytes) || bytes < 1) throw new RangeError('there must be at least one byte to scan')
      const scanned = scanProven(body, { bytes, signal: stop, wait, isAtWork: (is) => (isInMiddle = is) })
      scanned.catch(() => {})
      return await Promise.race([scanned, broken.promise, rejectOnAbort(stop)])
    } catch (error) {
      // The source may be torn by the same signal, and be heard first.
      const isLate = isDeadline(error) || (stop.aborted && isDeadline(stop.reason))
      if (isInMiddle && isLate && wait.isMostOf(performance.now() - startedAt))
        throw new ScanSourceBroken('the stream came too slowly', { cause: error })
      const fault = isLate ? toDeadlineFault(error) : error
      if (fault instanceof ScannerMisconfigured || fault instanceof ScannerUnavailable) proof = undefined
      // An engine that cannot be reached, or loads newer signatures meanwhile, is not the file's doing.
      throw isInMiddle && fault instanceof ScannerUnavailable ? new ScanInterrupted(fault.message, { cause: fault.cause }) : fault
    } finally {
      settled.abort()
      body.destroy()
    }
  }

  const probe = async (): Promise<EngineVersion> => {
    if (closed) throw new ScannerUnavailable('the scanner is closed')
    return (await getProof()).engine
  }

  const close = (): void => {
    closed = true
    session?.close()
  }

  return { scan, probe, close }
}

const rejectOnAbort = (signal: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })

const isDeadline = (error: unknown): boolean => error instanceof DOMException && error.name === 'TimeoutError'

const toDeadlineFault = (cause: unknown): ScannerUnavailable => new ScannerUnavailable('the engine gave no verdict in time', { cause })
