import { createAbortStaleUploads } from './abortStaleUploads.ts'
import { createAlertDelayed } from './alertDelayed.ts'
import { createArchiveHistories, type ArchiveDeps } from './archiveHistories.ts'
import { createCleanUpTestVirus } from './cleanUpTestVirus.ts'
import { createForgetStale } from './forgetStale.ts'
import { createJudgeTestVirus } from './judgeTestVirus.ts'
import { createLookAtTestVirus } from './lookAtTestVirus.ts'
import { createAlertNotInspected } from './alertNotInspected.ts'
import {
  createHasScanBacklog,
  createListRescans,
  createListWithdrawing,
  createReadDatabaseVersion,
  createReadRescanPace,
} from './planRescans.ts'
import { createRestartLostBatches } from './notices/restartLostBatches.ts'
import { createTakeMailFeedback } from './notices/takeMailFeedback.ts'
import { createPurgeQuarantined } from './purgeQuarantined.ts'
import { createRestartLostScans } from './restartLostScans.ts'
import { createForgetFeeds } from './roster/forgetFeeds.ts'
import { createAskForYearEnds } from './roster/askForYearEnds.ts'
import { createTellLateDistricts } from './roster/tellLateDistricts.ts'
import { createRestartLostSyncs } from './roster/restartLostSyncs.ts'
import { createSettleFeeds } from './roster/settleFeeds.ts'
import { createSendTestVirus } from './sendTestVirus.ts'
import { createSettleTickets } from './settleTickets.ts'
import { createStartDuePulls } from './roster/pull/startDuePulls.ts'
import type { SweepDeps } from './sweepDeps.ts'
import { createSweepBuckets } from './sweepBuckets.ts'
import { createRestartLostTranslations } from './translations/restartLostTranslations.ts'
import { withSafeFailures } from './withSafeFailures.ts'

/** Everything that the schedules do to the world. Each looks again at all there is and is safe to run twice. */
export const createSweepActivities = (deps: SweepDeps & ArchiveDeps) =>
  withSafeFailures({
    alertDelayed: createAlertDelayed(deps),
    settleTickets: createSettleTickets(deps),
    restartLostScans: createRestartLostScans(deps),
    sweepIncoming: createSweepBuckets(deps, ['incoming']),
    sweepPlaced: createSweepBuckets(deps, ['clean', 'quarantine']),
    abortStaleUploads: createAbortStaleUploads(deps),
    forgetStale: createForgetStale(deps),
    archiveHistories: createArchiveHistories(deps),
    purgeQuarantined: createPurgeQuarantined(deps),
    sendTestVirus: createSendTestVirus(deps),
    lookAtTestVirus: createLookAtTestVirus(deps),
    judgeTestVirus: createJudgeTestVirus(deps),
    cleanUpTestVirus: createCleanUpTestVirus(deps),
    readRescanPace: createReadRescanPace(deps),
    readDatabaseVersion: createReadDatabaseVersion(deps),
    listRescans: createListRescans(deps),
    listWithdrawing: createListWithdrawing(deps),
    hasScanBacklog: createHasScanBacklog(deps),
    alertNotInspected: createAlertNotInspected(deps),
    settleFeeds: createSettleFeeds(deps),
    restartLostSyncs: createRestartLostSyncs(deps),
    tellLateDistricts: createTellLateDistricts(deps),
    askForYearEnds: createAskForYearEnds(deps),
    forgetFeeds: createForgetFeeds(deps),
    startDuePulls: createStartDuePulls(deps),
    restartLostBatches: createRestartLostBatches(deps),
    restartLostTranslations: createRestartLostTranslations(deps),
    takeMailFeedback: createTakeMailFeedback(deps),
  })

export type SweepActivities = ReturnType<typeof createSweepActivities>
