import type { Logger } from 'pino'
import { toLoggableFault } from '../domain/toLoggableFault.ts'
import type { Adapters } from './openAdapters.ts'
import { relayOutbox } from './relayOutbox.ts'
import { repeat } from './repeat.ts'
import { sealAuditLogs } from './sealAuditLogs.ts'
import type { ScannerWatch } from './watchScanner.ts'

type Watch = { look(): Promise<void> }

/** Starts what runs beside the workers: the outbox relay, the audit sealer, the watches. `stop` waits for the passes under way. */
export const startLoops = (
  adapters: Adapters,
  watches: { scannerWatch: ScannerWatch; operationsWatch: Watch; administratorWatch: Watch },
  log: Logger,
): { stop(): Promise<void> } => {
  const { scannerWatch, operationsWatch, administratorWatch } = watches
  const stopping = new AbortController()
  const start = (name: string, everyMs: number, work: () => Promise<void>): Promise<void> =>
    repeat(work, {
      everyMs,
      signal: stopping.signal,
      onFault: (error) => log.warn({ loop: name, fault: toLoggableFault(error) }, 'loop pass failed'),
    })

  const loops = [
    start('relay', 1_000, async () => {
      const { claimed, failed } = await relayOutbox(adapters)
      if (claimed > 0) log.info({ claimed, failed }, 'outbox relayed')
    }),
    // Law 11 promises at least every 10 s; a pass that fails has one more try within it.
    start('seal-audit', 4_000, async () => {
      const batches = await sealAuditLogs(adapters)
      if (batches > 0) log.info({ batches }, 'audit sealed')
    }),
    start('watch-scanner', 10_000, async () => {
      const before = scannerWatch.standing()
      const standing = await scannerWatch.look()
      if (standing !== before) log.info({ standing }, 'scanner standing changed')
    }),
    start('watch-operations', 10_000, () => operationsWatch.look()),
    // Each look asks every district.
    start('watch-administrators', 300_000, () => administratorWatch.look()),
  ]
  return {
    stop: async () => {
      stopping.abort()
      await Promise.all(loops)
    },
  }
}
