import { hostname } from 'node:os'
import type { Logger } from 'pino'
import { createFollowAlert } from '../activities/followAlert.ts'
import { toRunsLink } from '../clients/toRunLink.ts'
import { toLoggableFault } from '../domain/toLoggableFault.ts'
import type { WorkerConfig } from './config.ts'
import { collectWorld } from './collectWorld.ts'
import { isSeenPolling } from './findPollers.ts'
import { startHealthServer, type Readiness } from './healthServer.ts'
import type { ReadSdkMetrics } from './installRuntime.ts'
import { openAdapters, type Adapters } from './openAdapters.ts'
import { readMetrics } from './readMetrics.ts'
import { registerSchedules } from './registerSchedules.ts'
import { runWorkers, type RunningWorkers } from './runWorkers.ts'
import { startCodecServer } from './startCodecServer.ts'
import { startKeepingVersion, type KeptVersions } from './startKeepingVersion.ts'
import { startLoops } from './startLoops.ts'
import { sweepSpool } from './sweepSpool.ts'
import { toWorkersPlan } from './toWorkersPlan.ts'
import { createAdministratorWatch } from './watchAdministrators.ts'
import { createOperationsWatch } from './watchOperations.ts'
import { createScannerWatch } from './watchScanner.ts'

export type StartedWorker = {
  healthPort: number
  /** Rejects when a worker ends by itself. */
  ended: Promise<void>
  /** Takes no new work, lets what is under way end within its grace time, then closes everything. */
  drain(): Promise<void>
}

/** Starts everything that the worker's process does. @throws when a system it cannot do without is not there. */
export const startWorker = async (config: WorkerConfig, log: Logger, readSdkMetrics: ReadSdkMetrics): Promise<StartedWorker> => {
  const adapters = await openAdapters(config)
  const follow = createFollowAlert(adapters)
  const { signaturesOldAfterSeconds, operationsLimits } = config
  const scannerWatch = createScannerWatch({ ...adapters, follow, host: hostname(), signaturesOldAfterSeconds })
  const failedRunsUrl = toRunsLink(config.temporal, 'ExecutionStatus = "Failed"')
  const operationsWatch = createOperationsWatch({ ...adapters, ...operationsLimits, follow, failedRunsUrl })
  const administratorWatch = createAdministratorWatch({ ...adapters, follow })
  // Before the first scan is taken: the engine proves itself, or is seen to be wrong.
  await scannerWatch.look().catch((error: unknown) => log.warn({ fault: toLoggableFault(error) }, 'scanner alert not raised'))
  log.info({ standing: scannerWatch.standing() }, 'scanner probed')
  await registerSchedules(adapters.client, {
    taskQueue: config.taskQueues.maintenance,
    sweepIntervalSeconds: config.sweepIntervalSeconds,
    storedSweepIntervalSeconds: config.storedSweepIntervalSeconds,
    isMailFeedbackTaken: config.mailFeedback !== null,
    synthetic: config.synthetic,
    rescanIntervalSeconds: config.rescanIntervalSeconds,
    pullLookIntervalSeconds: config.pull.lookIntervalSeconds,
    schoolYearIntervalSeconds: 86_400,
    purgeIntervalSeconds: Math.max(config.sweepIntervalSeconds, 60),
    archiveIntervalSeconds: config.archiveIntervalSeconds,
  })
  const left = await sweepSpool(config.spoolFolder).catch(() => 0)
  if (left > 0) log.info({ left }, 'spool files of killed workers removed')
  const plan = toWorkersPlan(config, adapters)
  const workers = await runWorkers(plan)
  collectWorld(adapters.metrics, {
    ...adapters,
    maintenanceQueue: config.taskQueues.maintenance,
    isSyntheticSent: operationsLimits.syntheticOverdueSeconds !== null,
  })
  const versions = startVersions(config, adapters, workers, log)
  const loops = startLoops(adapters, { scannerWatch, operationsWatch, administratorWatch }, log)
  const codecServer = config.codec === null ? null : await startCodecServer(config.codec, { ...adapters, ...config.temporal, log })
  const readiness: Readiness = async () => ({
    workers: workers.isPolling() && versions?.isSettled() !== false && (await isSeenPolling(adapters.client, plan.namespace, plan.queues)),
    scanner: scannerWatch.standing() === 'proven',
  })
  adapters.metrics.collect({
    name: 'hallpass_worker_ready',
    help: 'Whether a part of this worker works, as /readyz says.',
    labelNames: ['part'],
    read: async () => Object.entries(await readiness()).map(([part, isReady]) => ({ labels: { part }, value: isReady ? 1 : 0 })),
  })
  const health = await startHealthServer(config.health, readiness, () => readMetrics(adapters, scannerWatch, readSdkMetrics))
  return {
    healthPort: health.port,
    ended: workers.ended,
    drain: async () => {
      await Promise.all([workers.drain(), loops.stop(), versions?.stop(), codecServer?.close()])
      await health.close()
      await adapters.close()
    },
  }
}

const startVersions = (config: WorkerConfig, { client }: Adapters, { version }: RunningWorkers, log: Logger): KeptVersions | null =>
  version === null || config.deployment?.promotion !== 'at-start'
    ? null
    : startKeepingVersion({ client, own: version, taskQueue: config.taskQueues.attachments }, log)
