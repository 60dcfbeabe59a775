import { tmpdir } from 'node:os'
import { z } from 'zod'
import type { ArchiveWindows } from '../activities/archiveHistories.ts'
import {
  allowLocalKeysInsideOnly,
  allowLoopbackOriginsInsideOnly,
  httpUrl,
  loopbackOrigins,
  postgresUrl,
  publicUrl,
  storeUrl,
  temporalAddress,
  usRegion,
} from '../clients/endpointFields.ts'
import { ordinaryPatience, type Patience } from '../clients/oneroster/rest/withPatience.ts'
import { readEnvironment } from '../clients/readEnvironment.ts'
import { taskQueueFields, toTaskQueues } from '../clients/taskQueueFields.ts'
import type { NoticePace } from '../db/queries/planNotices.ts'
import type { SweepWindows } from '../domain/decideStoredObject.ts'
import { isInternalEndpoint } from '../domain/residency.ts'
import { uploadWindow } from '../domain/uploadLimits.ts'
import type { RescanPace, RosterPace, ScanPace, SyntheticPlan, TaskQueues } from '../workflows/contract.ts'
import { messengerFields, toMessengers, type Messengers } from './messengerFields.ts'
import { count, seconds } from './numberFields.ts'
import { rosterPace } from './rosterPace.ts'
import { runPaces, type RunPaces } from './runPaces.ts'
import { toScanPace } from './scanPace.ts'
import { requireTranslationParts, toTranslation, translationFields, type TranslationSettings } from '../clients/translationFields.ts'
import type { OperationsLimits } from './watchOperations.ts'
import { codecTokens } from './codecTokens.ts'
import type { Engineer } from './engineerCheck.ts'

/** Everything the worker's process is told from outside, read once at start. Holds secrets, so it is never logged. */
export type WorkerConfig = Messengers &
  RunPaces & {
    /** Null: nothing is translated. */
    translation: TranslationSettings | null
    region: string
    databaseUrls: { app: string; relay: string; sweeper: string }
    temporal: { address: string; namespace: string; uiUrl: string }
    objectStore: {
      endpoint: string
      region: string
      accessKeyId: string
      secretAccessKey: string
      /** Reads clean, to look at it again, and nothing else. */
      rescan: { accessKeyId: string; secretAccessKey: string }
      incomingBucket: string
      cleanBucket: string
      quarantineBucket: string
      archiveBucket: string
      /** May do everything with the feeds of rosters, and nothing else. */
      roster: { bucket: string; accessKeyId: string; secretAccessKey: string }
    }
    clamd: { host: string; port: number }
    /** `runbooksUrl`: where the pages of docs/runbooks/ can be read; an alert links there. */
    pager: { url: string; routingKey: string; runbooksUrl?: string }
    /** `local`: a key file on this machine, for loopback stacks only. `kms`: AWS KMS in `region`. */
    keys: { kind: 'local'; file: string } | { kind: 'kms' }
    payloadKeyRingFile: string
    taskQueues: TaskQueues
    /** Null: workers are not versioned, and any of them may take any run. */
    deployment: { name: string; promotion: 'at-start' | 'by-hand' } | null
    health: { host: string; port: number }
    /** Null when engineers are not to decode payloads from here. */
    codec: { host: string; port: number; engineers: Engineer[] } | null
    logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent'
    /** How long an upload that began while its ticket held may last. */
    longestUploadSeconds: number
    sweepWindows: SweepWindows
    /** A scan this old whose run is not there has lost it. */
    lostAfterSeconds: number
    sweepIntervalSeconds: number
    storedSweepIntervalSeconds: number
    archiveIntervalSeconds: number
    archiveWindows: ArchiveWindows
    quarantineDays: number
    /** Where uploads lie sealed while they are looked at: a disk, not memory. */
    spoolFolder: string
    concurrentScans: number
    malwareBurstCount: number
    /** 0: not watched. */
    signaturesOldAfterSeconds: number
    operationsLimits: OperationsLimits & { schoolYearGraceDays: number }
    /** Null when no test virus is sent. */
    synthetic: (SyntheticPlan & { apiUrl: string; intervalSeconds: number }) | null
    rescanIntervalSeconds: number
    /**
     * How often it is looked which rosters are to be fetched, and how patiently that is done. `loopbackOrigins`: on this machine, where rosters may be fetched from;
     * none but for stacks and tests.
     */
    pull: { lookIntervalSeconds: number; loopbackOrigins: string[]; patience: Patience }
    rescan: RescanPace
    pace: ScanPace
    rosterPace: RosterPace
    /** How soon people are notified of what is new, and how soon again. */
    noticePace: NoticePace
    /** Where people reach the API; mails link there. Without a trailing slash. */
    publicUrl: string
    tracing: { endpoint: string | null; ratio: number }
  }

const port = (otherwise: number) => z.coerce.number().int().min(0).max(65_535).default(otherwise)

const environment = z.object({
  HALLPASS_REGION: usRegion,
  DATABASE_URL_APP: postgresUrl,
  DATABASE_URL_RELAY: postgresUrl,
  DATABASE_URL_SWEEPER: postgresUrl,
  TEMPORAL_ADDRESS: temporalAddress,
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  TEMPORAL_UI_URL: httpUrl.default('http://127.0.0.1:8233'),
  S3_ENDPOINT: storeUrl,
  S3_REGION: usRegion,
  S3_SCANNER_ACCESS_KEY: z.string().min(1),
  S3_SCANNER_SECRET_KEY: z.string().min(1),
  S3_RESCAN_ACCESS_KEY: z.string().min(1),
  S3_RESCAN_SECRET_KEY: z.string().min(1),
  S3_BUCKET_INCOMING: z.string().min(1),
  S3_BUCKET_CLEAN: z.string().min(1),
  S3_BUCKET_QUARANTINE: z.string().min(1),
  S3_BUCKET_ARCHIVE: z.string().min(1),
  S3_ROSTER_ACCESS_KEY: z.string().min(1),
  S3_ROSTER_SECRET_KEY: z.string().min(1),
  S3_BUCKET_ROSTER: z.string().min(1),
  CLAMD_HOST: z.string().refine((host) => isInternalEndpoint(`tcp://${host}:1`), {
    error: 'expected a host of this machine or of the compose network: clamd speaks plain TCP',
  }),
  CLAMD_PORT: z.coerce.number().int().min(1).max(65_535),
  ...messengerFields,
  ...translationFields,
  PAGER_URL: httpUrl,
  PAGER_ROUTING_KEY: z.string().min(1),
  RUNBOOKS_URL: httpUrl.optional(),
  API_PUBLIC_URL: publicUrl,
  NOTIFY_AFTER_SECONDS: seconds(120),
  NOTIFY_AGAIN_AFTER_SECONDS: seconds(900),
  KEY_FILE: z.string().min(1).optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: storeUrl.optional(),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),
  PAYLOAD_KEY_RING_FILE: z.string().min(1),
  ...taskQueueFields,
  WORKER_DEPLOYMENT: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,62}$/, { error: 'expected a name of lower-case letters, digits and hyphens' })
    .optional(),
  WORKER_PROMOTION: z.enum(['at-start', 'by-hand']).default('at-start'),
  WORKER_HEALTH_HOST: z.string().min(1).default('127.0.0.1'),
  WORKER_HEALTH_PORT: port(8081),
  CODEC_HOST: z.string().min(1).default('127.0.0.1'),
  CODEC_PORT: port(8082),
  CODEC_TOKENS: codecTokens.optional(),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  UPLOAD_TICKET_SECONDS: seconds(uploadWindow.ticketSeconds),
  UPLOAD_LONGEST_SECONDS: seconds(uploadWindow.longestUploadSeconds),
  SWEEP_INTERVAL_SECONDS: seconds(60),
  QUARANTINE_DAYS: z.coerce.number().min(1).max(3_650).default(30),
  SPOOL_FOLDER: z.string().min(1).default(tmpdir()),
  CONCURRENT_SCANS: z.coerce.number().int().min(1).max(64).default(4),
  MALWARE_BURST_COUNT: count(20),
  UNSCANNABLE_BURST_COUNT: count(20),
  SIGNATURES_OLD_AFTER_HOURS: z.coerce.number().min(0).max(720).default(48),
  OUTBOX_OLD_AFTER_SECONDS: seconds(120),
  ROSTER_SYNC_LATE_AFTER_SECONDS: seconds(14_400),
  SCHOOL_YEAR_GRACE_DAYS: z.coerce.number().int().min(0).max(366).default(14),
  API_URL: httpUrl.transform((value) => value.replace(/\/$/, '')).optional(),
  SYNTHETIC_INTERVAL_SECONDS: seconds(300),
  SYNTHETIC_LIMIT_SECONDS: seconds(120),
  RESCAN_DAYS: z.coerce.number().int().min(1).max(3_650).default(30),
  RESCAN_BYTES_PER_SECOND: z.coerce.number().int().min(1).default(4_194_304),
  RESCAN_INTERVAL_SECONDS: seconds(3_600),
  PULL_LOOK_INTERVAL_SECONDS: seconds(300),
  PULL_LOOPBACK_ORIGINS: loopbackOrigins,
  SCAN_ROUND_WAIT_SECONDS: seconds(30),
  SCAN_DELAYED_AFTER_SECONDS: seconds(600),
})

type Environment = z.infer<typeof environment>

/** Where student data go. */
const addresses = ['DATABASE_URL_APP', 'DATABASE_URL_RELAY', 'DATABASE_URL_SWEEPER', 'TEMPORAL_ADDRESS', 'S3_ENDPOINT'] as const

/** Every variable that the worker reads; docs/configuration.md describes each. */
export const workerVariables: readonly string[] = Object.keys(environment.shape)

/**
 * Reads and checks the environment.
 * @throws {InvalidConfig} naming every variable at fault and what was expected of it.
 */
export const readWorkerConfig = (variables: NodeJS.ProcessEnv): WorkerConfig =>
  toConfig(
    readEnvironment(
      'a worker',
      requireTranslationParts(allowLoopbackOriginsInsideOnly(allowLocalKeysInsideOnly(environment, addresses), addresses)),
      variables,
    ),
  )

const toConfig = (env: Environment): WorkerConfig => ({
  region: env.HALLPASS_REGION,
  databaseUrls: { app: env.DATABASE_URL_APP, relay: env.DATABASE_URL_RELAY, sweeper: env.DATABASE_URL_SWEEPER },
  temporal: { address: env.TEMPORAL_ADDRESS, namespace: env.TEMPORAL_NAMESPACE, uiUrl: env.TEMPORAL_UI_URL },
  objectStore: {
    endpoint: env.S3_ENDPOINT,
    region: env.S3_REGION,
    accessKeyId: env.S3_SCANNER_ACCESS_KEY,
    secretAccessKey: env.S3_SCANNER_SECRET_KEY,
    rescan: { accessKeyId: env.S3_RESCAN_ACCESS_KEY, secretAccessKey: env.S3_RESCAN_SECRET_KEY },
    incomingBucket: env.S3_BUCKET_INCOMING,
    cleanBucket: env.S3_BUCKET_CLEAN,
    quarantineBucket: env.S3_BUCKET_QUARANTINE,
    archiveBucket: env.S3_BUCKET_ARCHIVE,
    roster: { bucket: env.S3_BUCKET_ROSTER, accessKeyId: env.S3_ROSTER_ACCESS_KEY, secretAccessKey: env.S3_ROSTER_SECRET_KEY },
  },
  clamd: { host: env.CLAMD_HOST, port: env.CLAMD_PORT },
  ...toMessengers(env),
  translation: toTranslation(env),
  pager: {
    url: env.PAGER_URL,
    routingKey: env.PAGER_ROUTING_KEY,
    ...(env.RUNBOOKS_URL === undefined ? {} : { runbooksUrl: env.RUNBOOKS_URL }),
  },
  keys: env.KEY_FILE === undefined ? { kind: 'kms' } : { kind: 'local', file: env.KEY_FILE },
  payloadKeyRingFile: env.PAYLOAD_KEY_RING_FILE,
  taskQueues: toTaskQueues(env),
  deployment: env.WORKER_DEPLOYMENT === undefined ? null : { name: env.WORKER_DEPLOYMENT, promotion: env.WORKER_PROMOTION },
  health: { host: env.WORKER_HEALTH_HOST, port: env.WORKER_HEALTH_PORT },
  codec: env.CODEC_TOKENS === undefined ? null : { host: env.CODEC_HOST, port: env.CODEC_PORT, engineers: env.CODEC_TOKENS },
  logLevel: env.LOG_LEVEL,
  longestUploadSeconds: env.UPLOAD_LONGEST_SECONDS,
  sweepWindows: {
    // An activity may write for as long as one try lasts, however short the demo's tickets are.
    straySeconds: Math.max(env.UPLOAD_TICKET_SECONDS + env.UPLOAD_LONGEST_SECONDS, 600),
    vanishedSeconds: Math.min(60, env.UPLOAD_TICKET_SECONDS + env.UPLOAD_LONGEST_SECONDS),
    failedSeconds: 86_400,
  },
  lostAfterSeconds: 60,
  sweepIntervalSeconds: env.SWEEP_INTERVAL_SECONDS,
  storedSweepIntervalSeconds: 21_600,
  archiveIntervalSeconds: 300,
  archiveWindows: { settleMs: 30_000, overlapMs: 900_000, retentionMs: 90 * 86_400_000 },
  quarantineDays: env.QUARANTINE_DAYS,
  spoolFolder: env.SPOOL_FOLDER,
  concurrentScans: env.CONCURRENT_SCANS,
  tracing: { endpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT ?? null, ratio: env.OTEL_TRACES_SAMPLER_ARG },
  malwareBurstCount: env.MALWARE_BURST_COUNT,
  signaturesOldAfterSeconds: env.SIGNATURES_OLD_AFTER_HOURS * 3_600,
  synthetic:
    env.API_URL === undefined
      ? null
      : {
          apiUrl: env.API_URL,
          intervalSeconds: env.SYNTHETIC_INTERVAL_SECONDS,
          limitSeconds: env.SYNTHETIC_LIMIT_SECONDS,
          lookEverySeconds: Math.min(5, env.SYNTHETIC_LIMIT_SECONDS / 4),
        },
  operationsLimits: {
    archiveOldAfterSeconds: 3_600,
    outboxOldAfterSeconds: env.OUTBOX_OLD_AFTER_SECONDS,
    syncLateAfterSeconds: env.ROSTER_SYNC_LATE_AFTER_SECONDS,
    schoolYearGraceDays: env.SCHOOL_YEAR_GRACE_DAYS,
    unscannableBurstCount: env.UNSCANNABLE_BURST_COUNT,
    syntheticOverdueSeconds: env.API_URL === undefined ? null : 2 * env.SYNTHETIC_INTERVAL_SECONDS + env.SYNTHETIC_LIMIT_SECONDS,
  },
  rescanIntervalSeconds: env.RESCAN_INTERVAL_SECONDS,
  pull: { lookIntervalSeconds: env.PULL_LOOK_INTERVAL_SECONDS, loopbackOrigins: env.PULL_LOOPBACK_ORIGINS, patience: ordinaryPatience },
  rescan: {
    attachmentsQueue: env.TASK_QUEUE_ATTACHMENTS,
    days: env.RESCAN_DAYS,
    restSeconds: 86_400,
    bytesPerSecond: env.RESCAN_BYTES_PER_SECOND,
    filesPerPage: 50,
    pagesPerRun: 4,
    // As many as one worker scans at once are no backlog.
    backlogMax: env.CONCURRENT_SCANS,
    backlogAfterSeconds: 10,
    backlogWaitMs: 30_000,
    backlogWaitsMax: 100,
  },
  rosterPace,
  ...runPaces,
  noticePace: { firstAfterMs: env.NOTIFY_AFTER_SECONDS * 1_000, againAfterMs: env.NOTIFY_AGAIN_AFTER_SECONDS * 1_000, awayWaitMs: 60_000 },
  publicUrl: env.API_PUBLIC_URL,
  pace: toScanPace({ roundWaitSeconds: env.SCAN_ROUND_WAIT_SECONDS, delayedAfterSeconds: env.SCAN_DELAYED_AFTER_SECONDS }),
})
