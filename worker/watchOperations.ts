import type { FollowAlert } from '../activities/followAlert.ts'
import { acrossDistricts, type Database } from '../db/openDatabase.ts'
import { withOperations } from '../db/operationsDistrict.ts'
import { countBadEnds } from '../db/queries/countBadEnds.ts'
import { countLongSyncs } from '../db/queries/countLongSyncs.ts'
import { countWaitingStarts } from '../db/queries/countWaitingStarts.ts'
import { expectSuccess } from '../db/queries/expectSuccess.ts'
import { archiveSuccess } from '../domain/archiveSuccess.ts'
import { syntheticEicar } from '../domain/syntheticEicar.ts'

/** When a number is too many, or an age too old. Seconds and counts. */
export type OperationsLimits = {
  outboxOldAfterSeconds: number
  /** Refusals within half an hour of what could not be inspected. */
  unscannableBurstCount: number
  /** Longest time between two test viruses that were quarantined; null when none are sent. */
  syntheticOverdueSeconds: number | null
  /** Longest time since the archive of histories had everything. */
  archiveOldAfterSeconds: number
  /** Longest time from a roster sync's place in the queue to its end. */
  syncLateAfterSeconds: number
}

type WatchOptions = OperationsLimits & {
  app: Database
  relay: Database
  sweeper: Database
  follow: FollowAlert
  /** The list of runs that failed, in the Temporal UI. */
  failedRunsUrl: string
}

const windows = { infectedSeconds: 3_600, unscannableSeconds: 1_800 }

/**
 * Looks from outside of Temporal at what on-call must know of, so that it is told while Temporal is away too: starts that nobody took, scans that
 * failed, what comes in bursts, the test virus that did not come back. Every worker looks; `followAlert` makes it one page.
 */
export const createOperationsWatch = (options: WatchOptions): { look(): Promise<void> } => {
  const { app, relay, sweeper, follow, failedRunsUrl } = options

  const lookAtOutbox = async (): Promise<void> => {
    const waiting = await acrossDistricts(relay, (tx) => countWaitingStarts(tx, options.outboxOldAfterSeconds))
    await follow('outbox-old', { holds: waiting.count > 0, details: { ...waiting } })
  }
  const lookAtEnds = async (): Promise<void> => {
    const ends = await acrossDistricts(sweeper, (tx) => countBadEnds(tx, windows))
    const links = [{ href: failedRunsUrl, text: 'Runs that failed' }]
    await inTurn([
      () => follow('scan-failed', { holds: ends.failed > 0, details: { failed: ends.failed }, links }),
      () => {
        const holds = ends.unscannable >= options.unscannableBurstCount
        return follow('unscannable-burst', {
          holds,
          details: { refused: ends.unscannable, withinMinutes: windows.unscannableSeconds / 60 },
        })
      },
      // It begins with the malware itself (`alertInfected`) and ends when no more came for an hour.
      () => follow('malware-burst', { holds: false, details: {} }),
    ])
  }
  const lookAtSynthetic = async (): Promise<void> => {
    if (options.syntheticOverdueSeconds === null) return
    const ageSeconds = Math.floor(await withOperations(app, (tx) => expectSuccess(tx, syntheticEicar.name)))
    // It ends with the next one that is quarantined, and with nothing else: what passed for clean is not over with time.
    if (ageSeconds > options.syntheticOverdueSeconds) {
      await follow('synthetic-eicar-overdue', { holds: true, details: { lastQuarantinedSecondsAgo: ageSeconds } })
    }
  }
  const lookAtArchive = async (): Promise<void> => {
    const ageSeconds = Math.floor(await withOperations(app, (tx) => expectSuccess(tx, archiveSuccess)))
    await follow('archive-old', { holds: ageSeconds > options.archiveOldAfterSeconds, details: { hadEverythingSecondsAgo: ageSeconds } })
  }
  const lookAtSyncs = async (): Promise<void> => {
    const waiting = await acrossDistricts(sweeper, (tx) => countLongSyncs(tx, options.syncLateAfterSeconds))
    await follow('roster-sync-late', { holds: waiting.count > 0, details: { ...waiting } })
  }
  // Both begin with a translation that was tried (`writeTranslation`), and end when none met it for their quiet time.
  const lookAtTranslator = (): Promise<void> =>
    inTurn([
      () => follow('translator-down', { holds: false, details: {} }),
      () => follow('translator-misconfigured', { holds: false, details: {} }),
    ])
  return { look: () => inTurn([lookAtOutbox, lookAtEnds, lookAtSynthetic, lookAtArchive, lookAtSyncs, lookAtTranslator]) }
}

/** One look that fails keeps none of the others from their turn. @throws the first failure, at the end. */
const inTurn = async (looks: Array<() => Promise<void>>): Promise<void> => {
  const failures: unknown[] = []
  for (const look of looks) await look().catch((error: unknown) => failures.push(error))
  if (failures.length > 0) throw failures[0]
}
