/** One-off job: the five buckets with their policies, versioning and CORS. The users must exist. Safe to run again. */
import { z } from 'zod'
import { prepareBuckets } from './prepareBuckets.ts'
import { readVariables } from './readVariables.ts'

const text = z.string().min(1)
const variables = readVariables(
  z.object({
    S3_ENDPOINT: z.url({ protocol: /^https?$/ }),
    S3_REGION: text,
    S3_BUCKET_INCOMING: text,
    S3_BUCKET_CLEAN: text,
    S3_BUCKET_QUARANTINE: text,
    S3_BUCKET_ARCHIVE: text,
    S3_BUCKET_ROSTER: text,
    S3_ROOT_ACCESS_KEY: text,
    S3_ROOT_SECRET_KEY: text,
    S3_API_ACCESS_KEY: text,
    S3_SCANNER_ACCESS_KEY: text,
    S3_ONCALL_ACCESS_KEY: text,
    S3_RESCAN_ACCESS_KEY: text,
    S3_ROSTER_ACCESS_KEY: text,
    WEB_ORIGINS: z.string().default(''),
  }),
)

await prepareBuckets({
  endpoint: variables.S3_ENDPOINT,
  region: variables.S3_REGION,
  buckets: {
    incoming: variables.S3_BUCKET_INCOMING,
    clean: variables.S3_BUCKET_CLEAN,
    quarantine: variables.S3_BUCKET_QUARANTINE,
    archive: variables.S3_BUCKET_ARCHIVE,
    roster: variables.S3_BUCKET_ROSTER,
  },
  root: { accessKeyId: variables.S3_ROOT_ACCESS_KEY, secretAccessKey: variables.S3_ROOT_SECRET_KEY },
  users: {
    api: variables.S3_API_ACCESS_KEY,
    scanner: variables.S3_SCANNER_ACCESS_KEY,
    rescan: variables.S3_RESCAN_ACCESS_KEY,
    roster: variables.S3_ROSTER_ACCESS_KEY,
    oncall: variables.S3_ONCALL_ACCESS_KEY,
  },
  webOrigins: variables.WEB_ORIGINS.split(',')
    .map((origin) => origin.trim())
    .filter(Boolean),
})
process.stdout.write('buckets are ready\n')
