import { join } from 'node:path'
import type { Stack } from './startStack.ts'

/** Folder of the local key service and the file of the payload key ring, the same for both applications. */
export const keyPaths = (stack: Stack): { keyFolder: string; keyRingFile: string } => ({
  keyFolder: join(stack.folder, 'keys', 'service'),
  keyRingFile: join(stack.folder, 'keys', 'payload-key-ring.json'),
})

const forBoth = (stack: Stack): Record<string, string> => {
  const { keyFolder, keyRingFile } = keyPaths(stack)
  return {
    HALLPASS_REGION: stack.region,
    DATABASE_URL_APP: stack.postgres.urls.app,
    TEMPORAL_ADDRESS: stack.temporal.address,
    TEMPORAL_NAMESPACE: stack.temporal.namespace,
    S3_ENDPOINT: stack.s3.endpoint,
    S3_REGION: stack.s3.region,
    S3_BUCKET_INCOMING: stack.s3.buckets.incoming,
    S3_BUCKET_CLEAN: stack.s3.buckets.clean,
    S3_BUCKET_ROSTER: stack.s3.buckets.roster,
    API_PUBLIC_URL: apiUrl(stack),
    KEY_FILE: keyFolder,
    PAYLOAD_KEY_RING_FILE: keyRingFile,
    LOG_LEVEL: 'info',
  }
}

export const apiUrl = (stack: Stack): string => `http://127.0.0.1:${stack.ports.api}`

/** What the API's process is told: its own credentials and nobody else's. */
export const apiEnvironment = (stack: Stack): Record<string, string> => ({
  ...forBoth(stack),
  DATABASE_URL_AUTH: stack.postgres.urls.auth,
  S3_PUBLIC_ENDPOINT: stack.s3.endpoint,
  S3_API_ACCESS_KEY: stack.s3.api.accessKeyId,
  S3_API_SECRET_KEY: stack.s3.api.secretAccessKey,
  // Nobody balances between processes here.
  API_LEAVE_SECONDS: '0',
  API_HOST: '127.0.0.1',
  API_PORT: String(stack.ports.api),
  API_METRICS_HOST: '127.0.0.1',
  API_METRICS_PORT: String(stack.ports.apiMetrics),
  WEB_ORIGINS: stack.webOrigins.join(','),
})

/** Nothing where the stack has no translator: then nothing is translated. */
const toTranslationVariables = ({ region, translation }: Stack): Record<string, string> =>
  translation.endpoint === null
    ? {}
    : { TRANSLATE_REGION: region, TRANSLATE_ENDPOINT: translation.endpoint, TRANSLATE_PROVIDER: 'Apertium' }

/** What the worker's process is told: its own credentials and nobody else's. */
export const workerEnvironment = (stack: Stack): Record<string, string> => ({
  ...forBoth(stack),
  DATABASE_URL_RELAY: stack.postgres.urls.relay,
  DATABASE_URL_SWEEPER: stack.postgres.urls.sweeper,
  TEMPORAL_UI_URL: new URL(stack.temporal.ui).origin,
  S3_SCANNER_ACCESS_KEY: stack.s3.scanner.accessKeyId,
  S3_SCANNER_SECRET_KEY: stack.s3.scanner.secretAccessKey,
  S3_RESCAN_ACCESS_KEY: stack.s3.rescan.accessKeyId,
  S3_RESCAN_SECRET_KEY: stack.s3.rescan.secretAccessKey,
  S3_ROSTER_ACCESS_KEY: stack.s3.roster.accessKeyId,
  S3_ROSTER_SECRET_KEY: stack.s3.roster.secretAccessKey,
  S3_BUCKET_QUARANTINE: stack.s3.buckets.quarantine,
  S3_BUCKET_ARCHIVE: stack.s3.buckets.archive,
  CLAMD_HOST: stack.clamd.host,
  CLAMD_PORT: String(stack.clamd.port),
  SMTP_URL: stack.mail.smtp,
  SMS_FROM: '+12025550100',
  SMS_ENDPOINT: stack.sms.endpoint,
  ...toTranslationVariables(stack),
  PAGER_URL: stack.pager.url,
  PAGER_ROUTING_KEY: stack.pager.routingKey,
  // Made by hand, without a date.
  SIGNATURES_OLD_AFTER_HOURS: '0',
  API_URL: apiUrl(stack),
  RUNBOOKS_URL: `${stack.pager.web}/runbooks`,
  WORKER_DEPLOYMENT: 'hallpass',
  WORKER_HEALTH_HOST: '127.0.0.1',
  WORKER_HEALTH_PORT: String(stack.ports.worker),
  CODEC_HOST: '127.0.0.1',
  CODEC_PORT: String(stack.codec.port),
  CODEC_TOKENS: stack.codec.tokens,
})
