import type { EngineVersion, ScanAnswer, VirusScanner } from '../../domain/ports.ts'

export type ScanMeter = {
  /** Seconds, and what the engine said; `error` when it said nothing that counts. */
  scanned(result: ScanAnswer['result'] | 'error', seconds: number, bytes: number): void
  /** The engine proved itself. */
  proven(engine: EngineVersion): void
}

/** The scanner, and each scan and each proof is told to the meter. */
export const meterScanner = <Scanner extends VirusScanner>(scanner: Scanner, meter: ScanMeter): Scanner => ({
  ...scanner,
  probe: async () => {
    const engine = await scanner.probe()
    meter.proven(engine)
    return engine
  },
  scan: async (body, options) => {
    const startedAt = performance.now()
    const tell = (result: ScanAnswer['result'] | 'error', bytes: number): void =>
      meter.scanned(result, (performance.now() - startedAt) / 1_000, bytes)
    try {
      const answer = await scanner.scan(body, options)
      tell(answer.result, options.bytes)
      return answer
    } catch (error) {
      tell('error', 0)
      throw error
    }
  },
})
