import { z } from 'zod'
import { isInternalEndpoint, isLoopbackEndpoint, isResidentEndpoint, isUsRegion } from '../domain/residency.ts'
import { taskQueues } from '../workflows/contract.ts'

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
  }
  /** `local`: a key file on this machine, for loopback stacks only. `kms`: AWS KMS in `region`. */
  keys: { kind: 'local'; file: string } | { kind: 'kms' }
  payloadKeyRingFile: string
  taskQueues: { attachments: string; maintenance: string }
  http: { host: string; port: number; publicUrl: string; webOrigins: string[] }
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent'
  uploadTicketSeconds: number
}

/** The environment does not describe a safe process. The message names variables and never repeats a value. */
export class InvalidConfig extends Error {
  override readonly name = 'InvalidConfig'
}

const residentUrl = (...protocols: string[]) =>
  z
    .string()
    .refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol.slice(0, -1)), {
      error: `expected an address that begins with ${protocols.map((protocol) => `${protocol}://`).join(' or ')}`,
      abort: true,
    })
    .refine(isResidentEndpoint, {
      error: 'expected an endpoint of AWS in the United States, of this machine or of the compose network (law 12)',
    })

/** Law 10: outside loopback and the compose network every connection is TLS, verified. */
const postgresUrl = residentUrl('postgres', 'postgresql')
  // The driver lets these parameters override the host that was checked above.
  .refine((value) => !['host', 'hostaddr', 'port'].some((name) => new URL(value).searchParams.has(name)), {
    error: 'expected the host in the address itself, not in a parameter',
  })
  .refine((value) => isInternalEndpoint(value) || new URL(value).searchParams.get('sslmode') === 'verify-full', {
    error: 'expected ?sslmode=verify-full, since the database is not on this machine or the compose network',
  })

const storeUrl = residentUrl('http', 'https').refine((value) => isInternalEndpoint(value) || value.startsWith('https:'), {
  error: 'expected https://, since the object store is not on this machine or the compose network',
})

const publicUrl = z
  .string()
  .refine((value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol), {
    error: 'expected an http(s) address',
    abort: true,
  })
  .refine((value) => isLoopbackEndpoint(value) || value.startsWith('https:'), {
    error: 'expected https://, since it is not an address of this machine',
  })
  .transform((value) => new URL(value).origin)

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
  HALLPASS_REGION: z.string().refine(isUsRegion, { error: 'expected an AWS region in the United States, such as us-east-1 (law 12)' }),
  DATABASE_URL_APP: postgresUrl,
  DATABASE_URL_AUTH: postgresUrl,
  TEMPORAL_ADDRESS: z
    .string()
    .regex(/^[^/@\s]+:\d+$/, { error: 'expected host:port', abort: true })
    .refine((address) => isResidentEndpoint(`grpc://${address}`), {
      error: 'expected a host of AWS in the United States, of this machine or of the compose network (law 12)',
    }),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  S3_ENDPOINT: storeUrl,
  S3_PUBLIC_ENDPOINT: storeUrl.optional(),
  S3_REGION: z.string().refine(isUsRegion, { error: 'expected an AWS region in the United States (law 12)' }),
  S3_API_ACCESS_KEY: z.string().min(1),
  S3_API_SECRET_KEY: z.string().min(1),
  S3_BUCKET_INCOMING: z.string().min(1),
  S3_BUCKET_CLEAN: z.string().min(1),
  KEY_FILE: z.string().min(1).optional(),
  PAYLOAD_KEY_RING_FILE: z.string().min(1),
  TASK_QUEUE_ATTACHMENTS: z.string().min(1).default(taskQueues.attachments),
  TASK_QUEUE_MAINTENANCE: z.string().min(1).default(taskQueues.maintenance),
  API_HOST: z.string().min(1).default('127.0.0.1'),
  API_PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  API_PUBLIC_URL: publicUrl,
  WEB_ORIGINS: webOrigins,
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  UPLOAD_TICKET_SECONDS: z.coerce.number().int().min(1).max(3_600).default(600),
})

/** Every variable that the API reads; docs/configuration.md describes each. */
export const apiVariables: readonly string[] = Object.keys(environment.shape)

const explain = (error: z.ZodError, given: Readonly<Record<string, string | undefined>>): string =>
  error.issues
    .map((issue) => {
      const name = issue.path[0]?.toString() ?? ''
      return `  ${name}: ${given[name] === undefined ? 'is missing' : issue.message}`
    })
    .join('\n')

/**
 * Reads and checks the environment.
 * @throws {InvalidConfig} naming every variable at fault and what was expected of it.
 */
export const readApiConfig = (variables: NodeJS.ProcessEnv): ApiConfig => {
  // An empty variable is how compose files and shells say "not given".
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''))
  const parsed = environment.safeParse(given)
  if (!parsed.success) throw new InvalidConfig(`The environment does not describe an API:\n${explain(parsed.error, given)}`)
  const env = parsed.data
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
    },
    keys: env.KEY_FILE === undefined ? { kind: 'kms' } : { kind: 'local', file: env.KEY_FILE },
    payloadKeyRingFile: env.PAYLOAD_KEY_RING_FILE,
    taskQueues: { attachments: env.TASK_QUEUE_ATTACHMENTS, maintenance: env.TASK_QUEUE_MAINTENANCE },
    http: { host: env.API_HOST, port: env.API_PORT, publicUrl: env.API_PUBLIC_URL, webOrigins: env.WEB_ORIGINS },
    logLevel: env.LOG_LEVEL,
    uploadTicketSeconds: env.UPLOAD_TICKET_SECONDS,
  }
}
