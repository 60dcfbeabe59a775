import { setTimeout as sleep } from 'node:timers/promises'
import type { VirusScanner } from '../domain/ports.ts'
import { acrossDistricts } from '../db/openDatabase.ts'
import { countDelayedScans } from '../db/queries/countDelayedScans.ts'
import { createFollowAlert } from './followAlert.ts'
import { probeScanner, type ScannerStanding } from './probeScanner.ts'
import type { SweepDeps } from './sweepDeps.ts'

const probePatienceMs = 5_000

/**
 * Tells the engineers that uploads wait for their scan for too long, whatever it is that they wait for. Every sweep says whether
 * one waits: the alert follows the rows, whoever raised it. Answers how many wait.
 */
export const createAlertDelayed =
  ({
    app,
    sweeper,
    scanner,
    pager,
    delayedAfterSeconds,
  }: Pick<SweepDeps, 'app' | 'sweeper' | 'scanner' | 'pager' | 'delayedAfterSeconds'>) =>
  async (): Promise<number> => {
    const { count, oldestSeconds } = await acrossDistricts(sweeper, (tx) => countDelayedScans(tx, delayedAfterSeconds))
    const details = { count, oldestSeconds, scanner: count > 0 ? await askSoon(scanner) : 'not asked' }
    await createFollowAlert({ app, pager })('attachments-delayed', { holds: count > 0, details })
    return count
  }

/** An engine that stalls does not hold up the alert. */
const askSoon = (scanner: VirusScanner): Promise<ScannerStanding> =>
  Promise.race([probeScanner(scanner).then(({ standing }) => standing), sleep(probePatienceMs, 'unavailable' as const, { ref: false })])
