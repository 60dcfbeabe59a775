import { acrossDistricts } from '../db/openDatabase.ts'
import { countDelayedScans } from '../db/queries/countDelayedScans.ts'
import { listRescans, type RescanCandidate, type RescanMark } from '../db/queries/listRescans.ts'
import { listWithdrawing, type Withdrawing } from '../db/queries/listWithdrawing.ts'
import { ScannerMisconfigured, ScannerUnavailable } from '../domain/scannerFault.ts'
import type { RescanPace } from '../workflows/contract.ts'
import type { SweepDeps } from './sweepDeps.ts'
import { whileHeartbeating } from './whileHeartbeating.ts'

/** One statement looks at so many files: a walk over a quiet month is many short ones. */
const filesAtOnce = 1_000

/** What this worker was configured with. Read once a run, so that the run's history keeps it for its replay. */
export const createReadRescanPace =
  ({ rescan }: Pick<SweepDeps, 'rescan'>) =>
  async (): Promise<RescanPace> =>
    rescan

/** The version of the database that the engine has loaded, proven a moment ago; null when no engine answers as ours must. */
export const createReadDatabaseVersion =
  ({ scanner }: Pick<SweepDeps, 'scanner'>) =>
  async (): Promise<string | null> => {
    try {
      return (await scanner.probe()).databaseVersion
    } catch (error) {
      if (error instanceof ScannerUnavailable || error instanceof ScannerMisconfigured) return null
      throw error
    }
  }

/** Clean files that are due, newest first; none when the walk has seen them all. Each is a mark to go on from. */
export type RescanBatch = RescanCandidate[]

/** The next files that are due, at least one unless the walk is at its end, and at most `filesPerPage`. */
export const createListRescans =
  ({ sweeper, rescan }: Pick<SweepDeps, 'sweeper' | 'rescan'>) =>
  (databaseVersion: string, from: RescanMark | null): Promise<RescanBatch> =>
    whileHeartbeating(async (signal) => {
      const { days, restSeconds, filesPerPage } = rescan
      let before = from
      for (;;) {
        signal.throwIfAborted()
        const walk = { databaseVersion, days, restSeconds, before, limit: filesAtOnce }
        const { due, last } = await acrossDistricts(sweeper, (tx) => listRescans(tx, walk))
        if (due.length > 0) return due.slice(0, filesPerPage)
        if (last === null) return []
        before = last
      }
    })

/** Withdrawals whose run was lost before it was through. */
export const createListWithdrawing =
  ({ sweeper }: Pick<SweepDeps, 'sweeper'>) =>
  (): Promise<Withdrawing[]> =>
    acrossDistricts(sweeper, (tx) => listWithdrawing(tx, 100))

/** Whether more uploads wait for their scan than those that are just being scanned. */
export const createHasScanBacklog =
  ({ sweeper, rescan }: Pick<SweepDeps, 'sweeper' | 'rescan'>) =>
  async (): Promise<boolean> => {
    const { count } = await acrossDistricts(sweeper, (tx) => countDelayedScans(tx, rescan.backlogAfterSeconds))
    return count > rescan.backlogMax
  }
