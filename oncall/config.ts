import { z } from 'zod'
import { allowLocalKeysInsideOnly, httpUrl, postgresUrl, storeUrl, temporalAddress, usRegion } from '../clients/endpointFields.ts'
import { readEnvironment } from '../clients/readEnvironment.ts'
import { readStackFile } from './readStackFile.ts'

const environment = z.object({
  HALLPASS_REGION: usRegion,
  DATABASE_URL_ONCALL: postgresUrl,
  TEMPORAL_ADDRESS: temporalAddress,
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  TEMPORAL_UI_URL: httpUrl.default('http://127.0.0.1:8233'),
  TASK_QUEUE_ATTACHMENTS: z.string().min(1).default('attachments'),
  TASK_QUEUE_ROSTER: z.string().min(1).default('roster'),
  TASK_QUEUE_TRANSLATIONS: z.string().min(1).default('translations'),
  S3_ENDPOINT: storeUrl,
  S3_REGION: usRegion,
  S3_ONCALL_ACCESS_KEY: z.string().min(1),
  S3_ONCALL_SECRET_KEY: z.string().min(1),
  S3_BUCKET_INCOMING: z.string().min(1),
  S3_BUCKET_CLEAN: z.string().min(1),
  S3_BUCKET_QUARANTINE: z.string().min(1),
  S3_BUCKET_ARCHIVE: z.string().min(1),
  KEY_FILE: z.string().min(1).optional(),
  PAYLOAD_KEY_RING_FILE: z.string().min(1),
  SCAN_DELAYED_AFTER_SECONDS: z.coerce.number().min(0.05).max(31_536_000).default(600),
})

/** What the command is told from outside. Holds secrets, so it is never printed. */
export type OncallConfig = z.output<typeof environment>

/** Every variable that the command reads; docs/oncall.md describes each. */
export const oncallVariables: readonly string[] = Object.keys(environment.shape)

/** Where student data are. */
const addresses = ['DATABASE_URL_ONCALL', 'TEMPORAL_ADDRESS', 'S3_ENDPOINT'] as const

/**
 * From the environment when it names `DATABASE_URL_ONCALL`, or else of the stack that runs in this folder.
 * @throws {InvalidConfig} naming every variable at fault. @throws {Fault} when there is neither.
 */
export const readOncallConfig = (variables: NodeJS.ProcessEnv): OncallConfig =>
  readEnvironment(
    'an on-call command',
    allowLocalKeysInsideOnly(environment, addresses),
    variables['DATABASE_URL_ONCALL'] ? variables : readStackFile(),
  )
