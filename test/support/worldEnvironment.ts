import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { inject } from 'vitest'
import { openLocalKeyService } from '../../clients/localKeyFile.ts'
import { ensurePayloadKeyRing } from '../../clients/payloadKeyRingFile.ts'
import type { TestBuckets } from './buckets.ts'
import type { TestDatabase } from './database.ts'

/** What a worker's process would be told to work on these: the shared servers, and the test file's own database, buckets, keys and queues. */
export const createWorldEnvironment = async (
  name: string,
  folder: string,
  database: TestDatabase,
  buckets: TestBuckets,
): Promise<Record<string, string>> => {
  const stack = inject('stack')
  const keyFolder = join(folder, 'keys')
  const spoolFolder = join(folder, 'spool')
  await mkdir(spoolFolder, { recursive: true })
  const payloadKeyRingFile = join(folder, 'ring.json')
  await ensurePayloadKeyRing(await openLocalKeyService(keyFolder), payloadKeyRingFile)
  return {
    HALLPASS_REGION: stack.region,
    DATABASE_URL_APP: database.urls.app,
    DATABASE_URL_RELAY: database.urls.relay,
    DATABASE_URL_SWEEPER: database.urls.sweeper,
    TEMPORAL_ADDRESS: stack.temporal.address,
    TEMPORAL_NAMESPACE: stack.temporal.namespace,
    TEMPORAL_UI_URL: stack.temporal.ui,
    S3_ENDPOINT: stack.s3.endpoint,
    S3_REGION: stack.s3.region,
    S3_SCANNER_ACCESS_KEY: stack.s3.scanner.accessKeyId,
    S3_SCANNER_SECRET_KEY: stack.s3.scanner.secretAccessKey,
    S3_RESCAN_ACCESS_KEY: stack.s3.rescan.accessKeyId,
    S3_RESCAN_SECRET_KEY: stack.s3.rescan.secretAccessKey,
    S3_BUCKET_INCOMING: buckets.names.incoming,
    S3_BUCKET_CLEAN: buckets.names.clean,
    S3_BUCKET_QUARANTINE: buckets.names.quarantine,
    S3_BUCKET_ARCHIVE: buckets.names.archive,
    S3_BUCKET_ROSTER: buckets.names.roster,
    S3_ROSTER_ACCESS_KEY: stack.s3.roster.accessKeyId,
    S3_ROSTER_SECRET_KEY: stack.s3.roster.secretAccessKey,
    CLAMD_HOST: stack.clamd.host,
    CLAMD_PORT: String(stack.clamd.port),
    SPOOL_FOLDER: spoolFolder,
    SMTP_URL: stack.mail.smtp,
    SMS_FROM: '+12025550100',
    SMS_ENDPOINT: stack.sms.endpoint,
    ...(stack.translation.endpoint === null
      ? {}
      : { TRANSLATE_REGION: stack.region, TRANSLATE_ENDPOINT: stack.translation.endpoint, TRANSLATE_PROVIDER: 'Apertium' }),
    PAGER_URL: stack.pager.url,
    PAGER_ROUTING_KEY: stack.pager.routingKey,
    // Made by hand, without a date.
    SIGNATURES_OLD_AFTER_HOURS: '0',
    MALWARE_BURST_COUNT: '100000',
    API_PUBLIC_URL: 'http://127.0.0.1:8080',
    RUNBOOKS_URL: `${stack.pager.web}/runbooks`,
    KEY_FILE: keyFolder,
    PAYLOAD_KEY_RING_FILE: payloadKeyRingFile,
    TASK_QUEUE_ATTACHMENTS: `attachments-${name}`,
    TASK_QUEUE_MAINTENANCE: `maintenance-${name}`,
    TASK_QUEUE_ROSTER: `roster-${name}`,
    TASK_QUEUE_SAFETY: `safety-${name}`,
    TASK_QUEUE_TRANSLATIONS: `translations-${name}`,
  }
}
