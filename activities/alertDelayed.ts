import { setTimeout as sleep } from 'node:timers/promises'
import { toAlert } from '../domain/alerts.ts'
import type { VirusScanner } from '../domain/ports.ts'
import { acrossDistricts } from '../db/openDatabase.ts'
import { countDelayedScans } from '../db/queries/countDelayedScans.ts'
import { probeScanner, type ScannerStanding } from './probeScanner.ts'
import { raiseAlert } from './raiseAlert.ts'
import type { SweepDeps } from './sweepDeps.ts'

const probePatienceMs = 5_000

/**
 * Tells the engineers that uploads wait for their scan for too long, whatever it is that they wait for. Raised by every sweep while one waits,
 * and resolved by every sweep while none does: the alert follows the rows, whoever raised it, and the way to the pager is tried all the time.
 * Answers how many wait.
 */
export const createAlertDelayed =
  ({ sweeper, scanner, pager, delayedAfterSeconds }: Pick<SweepDeps, 'sweeper' | 'scanner' | 'pager' | 'delayedAfterSeconds'>) =>
  async (): Promise<number> => {
    const { count, oldestSeconds } = await acrossDistricts(sweeper, (tx) => countDelayedScans(tx, delayedAfterSeconds))
    const details = { count, oldestSeconds, scanner: count > 0 ? await askSoon(scanner) : 'not asked' }
    await raiseAlert(pager, toAlert('attachments-delayed', { action: count > 0 ? 'trigger' : 'resolve', details }))
    return count
  }

/** An engine that stalls does not hold up the alert. */
const askSoon = (scanner: VirusScanner): Promise<ScannerStanding> =>
  Promise.race([probeScanner(scanner), sleep(probePatienceMs, 'unavailable' as const, { ref: false })])
