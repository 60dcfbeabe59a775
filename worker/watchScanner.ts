import { probeScanner, type ScannerStanding } from '../activities/probeScanner.ts'
import { toAlert } from '../domain/alerts.ts'
import type { Pager, VirusScanner } from '../domain/ports.ts'

export type ScannerWatch = {
  /** Probes once. Never rejects for what the engine does; rejects when the pager cannot be reached, so that the next look alerts. */
  look(): Promise<ScannerStanding>
  /** `unknown` until the first look. */
  standing(): ScannerStanding | 'unknown'
}

type WatchOptions = {
  scanner: VirusScanner
  pager: Pager
  /** Names this worker: each has an engine of its own, and one whose engine is well must not resolve the alert of another. */
  host: string
  /** Milliseconds. */
  now?: () => number
}

/** An engine that restarts or loads its database is not down. */
const downAfterMs = 300_000
const raiseAgainAfterMs = 300_000

/**
 * Watches whether the engine answers as one that carries our settings. The scanner adapter itself takes no scan while it is unproven;
 * this makes it seen, even when nothing is uploaded: `/readyz` turns red, and an alert is raised, again and again until the engine is proven. The
 * first proof after a start resolves what an earlier process of this host may have left.
 */
export const createScannerWatch = ({ scanner, pager, host, now = Date.now }: WatchOptions): ScannerWatch => {
  let standing: ScannerStanding | 'unknown' = 'unknown'
  let awaySince: number | null = null
  const alarms = {
    misconfigured: createAlarm(pager, 'scanner-misconfigured', host, now),
    down: createAlarm(pager, 'scanner-down', host, now),
  }
  return {
    standing: () => standing,
    look: async () => {
      const found = await probeScanner(scanner)
      standing = found
      awaySince = found === 'unavailable' ? (awaySince ?? now()) : null
      if (found === 'misconfigured') await alarms.misconfigured.raise()
      if (awaySince !== null && now() - awaySince >= downAfterMs) await alarms.down.raise()
      // An engine that is away may still be misconfigured: only a passed probe ends an alert.
      if (found === 'proven') {
        await alarms.misconfigured.resolve()
        await alarms.down.resolve()
      }
      return found
    },
  }
}

const createAlarm = (pager: Pager, key: 'scanner-misconfigured' | 'scanner-down', host: string, now: () => number) => {
  let raisedAt: number | null = null
  let isResolved = false
  const send = (action: 'trigger' | 'resolve'): Promise<void> => pager.raise(toAlert(key, { action, subject: host, details: { host } }))
  return {
    raise: async (): Promise<void> => {
      if (raisedAt !== null && now() - raisedAt < raiseAgainAfterMs) return
      await send('trigger')
      raisedAt = now()
      isResolved = false
    },
    resolve: async (): Promise<void> => {
      if (isResolved) return
      await send('resolve')
      isResolved = true
      raisedAt = null
    },
  }
}
