import { WorkflowNotFoundError, type Client } from '@temporalio/client'
import { createAttachmentActivities } from '../activities/createAttachmentActivities.ts'
import { createNoticeActivities } from '../activities/notices/createNoticeActivities.ts'
import { createRosterActivities } from '../activities/roster/createRosterActivities.ts'
import type { RosterDeps } from '../activities/roster/rosterDeps.ts'
import { createRescanActivities } from '../activities/createRescanActivities.ts'
import { createPullActivities } from '../activities/roster/pull/createPullActivities.ts'
import { createSafetyActivities } from '../activities/safety/createSafetyActivities.ts'
import { createStreamActivities } from '../activities/createStreamActivities.ts'
import { createTranslationActivities } from '../activities/translations/createTranslationActivities.ts'
import { createSweepActivities } from '../activities/createSweepActivities.ts'
import { createClosedRuns } from '../clients/archive/closedRuns.ts'
import { createApiFrontDoor } from '../clients/apiFrontDoor.ts'
import type { AttachmentDeps } from '../activities/attachmentDeps.ts'
import { createScanTurns } from '../activities/scanTurns.ts'
import { signalRun, startWorkflow } from '../clients/temporalClient.ts'
import { isOpenRun } from '../clients/isOpenRun.ts'
import type { RunStanding } from '../domain/decideReplay.ts'
import { lookNowSignal, toIsolationQueue, toNoticesQueue, toPullsQueue, toRescansQueue, toStreamsQueue } from '../workflows/contract.ts'
import type { WorkerConfig } from './config.ts'
import type { Adapters } from './openAdapters.ts'
import type { WorkersPlan } from './runWorkers.ts'
import { toRunSpan } from './traceRuns.ts'

/** A start that takes longer is the relay's. */
const startDeadlineMs = 2_000

/** What the workers of this process do, on which queues. */
export const toWorkersPlan = (config: WorkerConfig, adapters: Adapters): WorkersPlan => ({
  connection: adapters.connection,
  namespace: config.temporal.namespace,
  dataConverter: adapters.dataConverter,
  ...(config.deployment === null ? {} : { deploymentName: config.deployment.name }),
  onRunEnded: (run) => {
    adapters.tracing.add(toRunSpan(run))
    adapters.metrics.runsEnded.inc({ workflow: run.workflowType, outcome: run.outcome })
  },
  queues: [
    {
      taskQueue: config.taskQueues.attachments,
      concurrentActivities: 20,
      activities: createAttachmentActivities(toAttachmentDeps(config, adapters)),
    },
    {
      taskQueue: toStreamsQueue(config.taskQueues.attachments),
      // Beside each file that has the engine, another one: on its way to it, or from it to the store.
      concurrentActivities: 2 * config.concurrentScans,
      activities: createStreamActivities({
        ...toAttachmentDeps(config, adapters),
        isIsolated: false,
        turns: createScanTurns({
          atOnce: config.concurrentScans,
          limitMs: config.pace.firstStreamTimeoutMs ?? config.pace.streamTimeoutMs,
        }),
      }),
      isForActivitiesOnly: true,
    },
    {
      taskQueue: toIsolationQueue(config.taskQueues.attachments),
      concurrentActivities: 1,
      activities: createStreamActivities({
        ...toAttachmentDeps(config, adapters),
        isIsolated: true,
        turns: createScanTurns({ atOnce: 1, limitMs: config.pace.streamTimeoutMs }),
      }),
      isForActivitiesOnly: true,
    },
    {
      taskQueue: toRescansQueue(config.taskQueues.attachments),
      concurrentActivities: 1,
      activities: createRescanActivities(toAttachmentDeps(config, adapters)),
      isForActivitiesOnly: true,
    },
    {
      taskQueue: config.taskQueues.roster,
      // A feed is staged on a connection, and read from a disk: more than a few at once only wait for each other.
      concurrentActivities: 4,
      activities: createRosterActivities(toRosterDeps(config, adapters)),
    },
    {
      taskQueue: config.taskQueues.maintenance,
      // More than there are sweeps: the frequent one, which raises the alarm, never waits behind the long ones.
      concurrentActivities: 8,
      activities: createSweepActivities({
        ...adapters,
        frontDoor:
          config.synthetic === null
            ? null
            : createApiFrontDoor({ apiUrl: config.synthetic.apiUrl, storeEndpoint: config.objectStore.endpoint }),
        findRun: createFindRun(adapters.client),
        archiveWindows: config.archiveWindows,
        closedRuns: createClosedRuns(adapters.client, [
          config.taskQueues.attachments,
          config.taskQueues.roster,
          config.taskQueues.safety,
          config.taskQueues.translations,
        ]),
        attachmentsQueue: config.taskQueues.attachments,
        rosterQueue: config.taskQueues.roster,
        maintenanceQueue: config.taskQueues.maintenance,
        translationsQueue: config.taskQueues.translations,
        windows: config.sweepWindows,
        longestUploadSeconds: config.longestUploadSeconds,
        lostAfterSeconds: config.lostAfterSeconds,
        delayedAfterSeconds: config.pace.delayedAfterMs / 1_000,
        rescan: config.rescan,
        schoolYearGraceDays: config.operationsLimits.schoolYearGraceDays,
      }),
    },
    {
      taskQueue: config.taskQueues.safety,
      // A queue of its own: what a child may be in danger by waits behind nothing else.
      concurrentActivities: 10,
      activities: createSafetyActivities({ ...adapters, pace: config.safetyPace }),
    },
    {
      taskQueue: config.taskQueues.translations,
      // They wait for the provider: so many at once, and what waits behind them waits for nothing else.
      concurrentActivities: 20,
      activities: createTranslationActivities({ ...adapters, pace: config.translationPace }),
    },
    {
      taskQueue: toNoticesQueue(config.taskQueues.maintenance),
      concurrentActivities: 20,
      activities: createNoticeActivities({
        ...adapters,
        pace: config.noticePace,
        publicUrl: config.publicUrl,
        maintenanceQueue: config.taskQueues.maintenance,
        translationsQueue: config.taskQueues.translations,
        startRun: (start) => startWorkflow(adapters.client, start, startDeadlineMs),
      }),
    },
    {
      taskQueue: toPullsQueue(config.taskQueues.roster),
      // A system that asks to wait is waited for: so many at once, beside the syncs and never in their place.
      concurrentActivities: 10,
      activities: createPullActivities({
        ...adapters,
        patience: config.pull.patience,
        spoolFolder: config.spoolFolder,
        rosterQueue: config.taskQueues.roster,
      }),
      isForActivitiesOnly: true,
    },
  ],
})

const toAttachmentDeps = (config: WorkerConfig, adapters: Adapters): AttachmentDeps => ({
  ...adapters,
  spoolFolder: config.spoolFolder,
  pace: config.pace,
  quarantineDays: config.quarantineDays,
  malwareBurstCount: config.malwareBurstCount,
  temporal: config.temporal,
  attachmentsQueue: config.taskQueues.attachments,
})

const toRosterDeps = (config: WorkerConfig, adapters: Adapters): RosterDeps => ({
  ...adapters,
  appUrl: config.databaseUrls.app,
  spoolFolder: config.spoolFolder,
  rosterQueue: config.taskQueues.roster,
  pace: config.rosterPace,
  temporal: config.temporal,
  wakeRun: (workflowId) => signalRun(adapters.client, workflowId, lookNowSignal, 5_000),
})

const createFindRun =
  (client: Client) =>
  async (workflowId: string): Promise<RunStanding> => {
    try {
      const { status } = await client.withDeadline(Date.now() + 5_000, () => client.workflow.getHandle(workflowId).describe())
      return isOpenRun(status.name) ? 'open' : 'closed'
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return 'none'
      throw error
    }
  }
