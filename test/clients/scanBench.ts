import { readdirSync, readlinkSync } from 'node:fs'
import { Readable } from 'node:stream'
import { onTestFinished } from 'vitest'
import { createClamdScanner, type ClamdScanner, type ClamdScannerOptions } from '../../clients/scanner/createClamdScanner.ts'
import type { ScanAnswer } from '../../domain/ports.ts'
import { fileLetter, startFakeClamd, type EngineFault } from './fakeClamd.ts'

export const kib = 1024

/** `count` chunks of a file. */
export const chunks = (count: number, bytes = kib): Readable =>
  Readable.from(Array.from({ length: count }, () => Buffer.alloc(bytes, fileLetter)))

/** Says this when it has the whole file. */
export const atEnd =
  (answer: string): EngineFault =>
  (socket, { ended }) =>
    void (ended && socket.end(answer))

export type ScanBench = { engine: Awaited<ReturnType<typeof startFakeClamd>>; scanner: ClamdScanner }

/** A proven scanner in front of an engine that does `fault` to every file. Both end with the test. */
export const openScanBench = async (fault: EngineFault, options: Partial<ClamdScannerOptions> = {}): Promise<ScanBench> => {
  const engine = await startFakeClamd(fault)
  const scanner = createClamdScanner({ host: engine.host, port: engine.port, deadlineMs: 10_000, timeoutMs: 5_000, ...options })
  onTestFinished(async () => {
    scanner.close()
    await engine.stop()
  })
  await scanner.probe()
  return { engine, scanner }
}

export type Settled = { answer: ScanAnswer } | { error: unknown }

/** Scans, and answers how it ended. What must hold of every end is the caller's to expect. */
export const settleScan = async (scanner: ClamdScanner, body: Readable, bytes: number): Promise<Settled> =>
  scanner.scan(body, { bytes }).then(
    (answer): Settled => ({ answer }),
    (error: unknown): Settled => ({ error }),
  )

/**
 * How many sockets this process has open, those that do not keep it alive included; the engine's ends too where the fake engine is in this
 * process. Where the system has no `/proc`, only those that keep it alive are seen.
 */
export const countSockets = (): number => {
  if (process.platform !== 'linux') return process.getActiveResourcesInfo().filter((name) => /^(TCP|TLS)/.test(name)).length
  return readdirSync('/proc/self/fd').filter((fd) => isSocket(fd)).length
}

/** A descriptor may be gone by the time it is looked at; that of the listing always is. */
const isSocket = (fd: string): boolean => {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`).startsWith('socket:')
  } catch {
    return false
  }
}
