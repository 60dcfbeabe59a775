import { z } from 'zod'
import { allowLocalKeysInsideOnly, postgresUrl, publicUrl, storeUrl, temporalAddress, usRegion } from '../clients/endpointFields.ts'
import type { DrainPace } from './drain.ts'
import { readEnvironment } from '../clients/readEnvironment.ts'
import { taskQueueFields, toTaskQueues } from '../clients/taskQueueFields.ts'
import type { TaskQueues } from '../workflows/contract.ts'

/** Everything the API's process is told from outside, read once at start. Frozen; holds secrets, so it is never logged. */
export type ApiConfig = {
  region: string
  databaseUrls: { app: string; auth: string }
  temporal: { address: string; namespace: string }
  objectStore: {
    endpoint: string
    /** Where a browser reaches the same store; upload tickets name this address. */
    publicEndpoint: string
    region: string
    accessKeyId: string
    secretAccessKey: string
    incomingBucket: string
    cleanBucket: string
    rosterBucket: string
  }
  /** `local`: a key file on this machine, for loopback stacks only. `kms`: AWS KMS in `region`. */
  keys: { kind: 'local'; file: string } | { kind: 'kms' }
  payloadKeyRingFile: string
  taskQueues: TaskQueues
  http: { host: string; port: number; publicUrl: string; webOrigins: string[] }
  metrics: { host: string; port: number }
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent'
  uploadTicketSeconds: number
  drainPace: DrainPace
  tracing: { endpoint: string | null; ratio: number }
}

const webOrigins = z
  .string()
  .default('')
  .transform((list) =>
    list
      .split(',')
      .map((origin) => origin.trim())
      .filter(Boolean),
  )
  .pipe(z.array(publicUrl, { error: 'expected web origins, separated by commas' }))

const environment = z.object({
  HALLPASS_REGION: usRegion,
  DATABASE_URL_APP: postgresUrl,
  DATABASE_URL_AUTH: postgresUrl,
  TEMPORAL_ADDRESS: temporalAddress,
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  S3_ENDPOINT: storeUrl,
  S3_PUBLIC_ENDPOINT: storeUrl.optional(),
  S3_REGION: usRegion,
  S3_API_ACCESS_KEY: z.string().min(1),
  S3_API_SECRET_KEY: z.string().min(1),
  S3_BUCKET_INCOMING: z.string().min(1),
  S3_BUCKET_CLEAN: z.string().min(1),
  S3_BUCKET_ROSTER: z.string().min(1),
  KEY_FILE: z.string().min(1).optional(),
  API_METRICS_HOST: z.string().min(1).default('127.0.0.1'),
  API_METRICS_PORT: z.coerce.number().int().min(0).max(65_535).default(8083),
  OTEL_EXPORTER_OTLP_ENDPOINT: storeUrl.optional(),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),
  PAYLOAD_KEY_RING_FILE: z.string().min(1),
  ...taskQueueFields,
  API_HOST: z.string().min(1).default('127.0.0.1'),
  API_PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  API_PUBLIC_URL: publicUrl,
  WEB_ORIGINS: webOrigins,
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  API_LEAVE_SECONDS: z.coerce.number().min(0).max(120).default(5),
  API_DRAIN_SECONDS: z.coerce.number().min(1).max(600).default(20),
  UPLOAD_TICKET_SECONDS: z.coerce.number().int().min(1).max(3_600).default(600),
})

/** Where student data go. */
const addresses = ['DATABASE_URL_APP', 'DATABASE_URL_AUTH', 'TEMPORAL_ADDRESS', 'S3_ENDPOINT', 'S3_PUBLIC_ENDPOINT'] as const

/** Every variable that the API reads; docs/configuration.md describes each. */
export const apiVariables: readonly string[] = Object.keys(environment.shape)

/**
 * Reads and checks the environment.
 * @throws {InvalidConfig} naming every variable at fault and what was expected of it.
 */
export const readApiConfig = (variables: NodeJS.ProcessEnv): ApiConfig => {
  const env = readEnvironment('an API', allowLocalKeysInsideOnly(environment, addresses), variables)
  return {
    region: env.HALLPASS_REGION,
    databaseUrls: { app: env.DATABASE_URL_APP, auth: env.DATABASE_URL_AUTH },
    temporal: { address: env.TEMPORAL_ADDRESS, namespace: env.TEMPORAL_NAMESPACE },
    objectStore: {
      endpoint: env.S3_ENDPOINT,
      publicEndpoint: env.S3_PUBLIC_ENDPOINT ?? env.S3_ENDPOINT,
      region: env.S3_REGION,
      accessKeyId: env.S3_API_ACCESS_KEY,
      secretAccessKey: env.S3_API_SECRET_KEY,
      incomingBucket: env.S3_BUCKET_INCOMING,
      cleanBucket: env.S3_BUCKET_CLEAN,
      rosterBucket: env.S3_BUCKET_ROSTER,
    },
    keys: env.KEY_FILE === undefined ? { kind: 'kms' } : { kind: 'local', file: env.KEY_FILE },
    payloadKeyRingFile: env.PAYLOAD_KEY_RING_FILE,
    taskQueues: toTaskQueues(env),
    http: { host: env.API_HOST, port: env.API_PORT, publicUrl: env.API_PUBLIC_URL, webOrigins: env.WEB_ORIGINS },
    metrics: { host: env.API_METRICS_HOST, port: env.API_METRICS_PORT },
    logLevel: env.LOG_LEVEL,
    uploadTicketSeconds: env.UPLOAD_TICKET_SECONDS,
    drainPace: { leaveMs: env.API_LEAVE_SECONDS * 1_000, cutMs: env.API_DRAIN_SECONDS * 1_000 },
    tracing: { endpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT ?? null, ratio: env.OTEL_TRACES_SAMPLER_ARG },
  }
}
