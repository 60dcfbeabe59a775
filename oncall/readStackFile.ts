import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { Fault } from './fault.ts'

const folder = join(fileURLToPath(new URL('..', import.meta.url)), '.stack')

const running = z.object({
  temporal: z.object({ address: z.string(), namespace: z.string(), ui: z.string() }),
  postgres: z.object({ urls: z.object({ oncall: z.string() }) }),
  s3: z.object({
    endpoint: z.string(),
    region: z.string(),
    buckets: z.object({ incoming: z.string(), clean: z.string(), quarantine: z.string(), archive: z.string() }),
    oncall: z.object({ accessKeyId: z.string(), secretAccessKey: z.string() }),
  }),
})

/** What the environment would say of the stack that `npm run stack` started in this folder. @throws {Fault} when there is none. */
export const readStackFile = (): Record<string, string> => {
  const file = join(folder, 'stack.json')
  if (!existsSync(file))
    throw new Fault('no stack runs in this folder.\n  mend: npm run stack, or set DATABASE_URL_ONCALL and the rest of docs/oncall.md')
  const parsed = running.safeParse(JSON.parse(readFileSync(file, 'utf8')))
  if (!parsed.success) throw new Fault(`${file} is of another version.\n  mend: stop the stack and start it again`)
  const { temporal, postgres, s3 } = parsed.data
  return {
    HALLPASS_REGION: 'us-east-1',
    DATABASE_URL_ONCALL: postgres.urls.oncall,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    TEMPORAL_UI_URL: new URL(temporal.ui).origin,
    S3_ENDPOINT: s3.endpoint,
    S3_REGION: s3.region,
    S3_ONCALL_ACCESS_KEY: s3.oncall.accessKeyId,
    S3_ONCALL_SECRET_KEY: s3.oncall.secretAccessKey,
    S3_BUCKET_INCOMING: s3.buckets.incoming,
    S3_BUCKET_CLEAN: s3.buckets.clean,
    S3_BUCKET_QUARANTINE: s3.buckets.quarantine,
    S3_BUCKET_ARCHIVE: s3.buckets.archive,
    KEY_FILE: join(folder, 'keys', 'service'),
    PAYLOAD_KEY_RING_FILE: join(folder, 'keys', 'payload-key-ring.json'),
  }
}
