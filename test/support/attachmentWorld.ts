import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readWorkerConfig, type WorkerConfig } from '../../worker/config.ts'
import { openAdapters, type Adapters } from '../../worker/openAdapters.ts'
import { runWorkers, type RunningWorkers } from '../../worker/runWorkers.ts'
import { toWorkersPlan } from '../../worker/toWorkersPlan.ts'
import { scanAttachmentId, type ScanPace } from '../../workflows/contract.ts'
import { createAttachmentActs, type AttachmentActs } from './attachmentActs.ts'
import { createTestBuckets, type TestBuckets } from './buckets.ts'
import { createTemporalNamespace } from './createTemporalNamespace.ts'
import { createTestDatabase, type TestDatabase } from './database.ts'
import './quietRuntime.ts'
import { readWorkflowBundle } from './readWorkflowBundle.ts'
import { seedChannel, type SeededChannel } from './seedChannel.ts'
import { createWorldEnvironment } from './worldEnvironment.ts'

/** A whole worker's surroundings for one test file: its own database, buckets, keys and queues on the shared servers. */
export type AttachmentWorld = AttachmentActs & {
  config: WorkerConfig
  /** What a worker's process would be told to work in this world. */
  environment: Record<string, string>
  adapters: Adapters
  database: TestDatabase
  buckets: TestBuckets
  channel: SeededChannel
  startWorkers(): Promise<RunningWorkers>
  running(): readonly RunningWorkers[]
  /** The row, as the database has it. */
  row(attachmentId: string): Promise<AttachmentRow>
  /** What a scan's run answered; rejects as the run did. */
  scanOutcome(attachmentId: string, attempt?: number): Promise<unknown>
  close(): Promise<void>
}

/** The columns that tests look at. */
export type AttachmentRow = {
  district_id: string
  state: string
  attempt: number
  verdict: string | null
  refusal_reason: string | null
  signature: string | null
  sha256: Buffer | null
  incoming_key: string
  incoming_version_id: string | null
  clean_key: string | null
  clean_bytes: number | null
  clean_content_type: string | null
  quarantine_key: string | null
}

/** Waits of milliseconds where production waits for minutes. */
export const testPace: ScanPace = {
  firstStreamTimeoutMs: 20_000,
  streamTimeoutMs: 30_000,
  interruptionsMax: 20,
  stepTimeoutMs: 10_000,
  heartbeatTimeoutMs: 5_000,
  waitBetweenTriesMs: 50,
  attemptsPerRound: 2,
  waitBetweenRoundsMs: 300,
  roundsPerRun: 20,
  delayedAfterMs: 600_000,
}

/** `hasOwnNamespace`: for a file that starts a worker's process, which registers the schedules of its namespace. */
export const createAttachmentWorld = async (
  change: Partial<WorkerConfig> = {},
  { hasOwnNamespace = false }: { hasOwnNamespace?: boolean } = {},
): Promise<AttachmentWorld> => {
  const name = randomBytes(5).toString('hex')
  const folder = await mkdtemp(join(tmpdir(), 'hallpass-world-'))
  const database = await createTestDatabase()
  const buckets = await createTestBuckets(name)
  const environment = await createWorldEnvironment(name, folder, database, buckets)
  if (hasOwnNamespace) {
    environment.TEMPORAL_NAMESPACE = `hallpass-${name}`
    await createTemporalNamespace(environment.TEMPORAL_NAMESPACE)
  }
  const config = { ...readWorkerConfig(environment), pace: testPace, ...change }
  const adapters = await openAdapters(config)
  const channel = await seedChannel(adapters.app, adapters.districtKeys)
  const running: RunningWorkers[] = []
  const acts = createAttachmentActs(config, adapters, channel, database)
  return {
    ...acts,
    config,
    environment,
    adapters,
    database,
    buckets,
    channel,
    running: () => running,
    startWorkers: async () => {
      const workers = await runWorkers({
        ...toWorkersPlan(config, adapters),
        workflowBundle: await readWorkflowBundle(),
        stickyTimeoutMs: 200,
        shutdownGraceMs: 2_000,
        shutdownForceMs: 4_000,
      })
      running.push(workers)
      return workers
    },
    row: async (attachmentId) => {
      const { rows } = await database.superuser.query<AttachmentRow>('select * from attachments where id = $1', [attachmentId])
      if (rows[0] === undefined) throw new Error('no such attachment')
      return rows[0]
    },
    scanOutcome: (attachmentId, attempt = 1) => adapters.client.workflow.getHandle(scanAttachmentId(attachmentId, attempt)).result(),
    close: async () => {
      await Promise.all(running.map((workers) => workers.drain()))
      await adapters.close()
      buckets.close()
      await database.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
