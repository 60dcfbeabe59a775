import { acrossDistricts, type Database } from '../db/openDatabase.ts'
import { countDelayedScans } from '../db/queries/countDelayedScans.ts'
import { listKnownBad, type BadHashMark, type KnownBadPage } from '../db/queries/listKnownBad.ts'
import { listRescans, type RescanCandidate, type RescanMark } from '../db/queries/listRescans.ts'
import type { SameBytes } from '../db/queries/listSameBytes.ts'
import { listWithdrawing, type Withdrawing } from '../db/queries/listWithdrawing.ts'
import { ScannerMisconfigured, ScannerUnavailable } from '../domain/scannerFault.ts'
import { knownBad, rescanAttachmentId, type RescanPace } from '../workflows/contract.ts'
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

/** A round begins with so many of each at most. */
const withdrawalsAtOnce = 100

/**
 * Withdrawals whose run was lost before it was through, and clean files whose bytes are known as bad, whatever their age: whoever was to ask for
 * their withdrawal did not get to it.
 */
export const createListWithdrawing =
  ({ sweeper, rescan }: Pick<SweepDeps, 'sweeper' | 'rescan'>) =>
  async (): Promise<Withdrawing[]> => {
    const lost = await acrossDistricts(sweeper, (tx) => listWithdrawing(tx, withdrawalsAtOnce))
    const missed = (await findMissed(sweeper, rescan.days)).map((copy) => ({
      ...copy,
      withdrawnBy: rescanAttachmentId(copy.attachmentId, knownBad),
    }))
    return [...lost, ...missed]
  }

const findMissed = async (sweeper: Database, days: number): Promise<SameBytes[]> => {
  const missed = new Map<string, SameBytes>()
  for (let after: BadHashMark | null = null; ;) {
    const from: BadHashMark | null = after
    const { copies, last }: KnownBadPage = await acrossDistricts(sweeper, (tx) =>
      listKnownBad(tx, { days, after: from, limit: filesAtOnce }),
    )
    for (const copy of copies) missed.set(copy.attachmentId, copy)
    if (last === null || missed.size >= withdrawalsAtOnce) return [...missed.values()].slice(0, withdrawalsAtOnce)
    after = last
  }
}

/** Whether more uploads wait for their scan than those that are just being scanned. */
export const createHasScanBacklog =
  ({ sweeper, rescan }: Pick<SweepDeps, 'sweeper' | 'rescan'>) =>
  async (): Promise<boolean> => {
    const { count } = await acrossDistricts(sweeper, (tx) => countDelayedScans(tx, rescan.backlogAfterSeconds))
    return count > rescan.backlogMax
  }
