import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { CreateBucketCommand, HeadBucketCommand, PutBucketCorsCommand, PutBucketPolicyCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3'
import { bucketPolicy } from './bucketPolicy.ts'
import type { BucketUsers } from './bucketPolicy.ts'
import { childEnvironment } from './childEnvironment.ts'

const run = promisify(execFile)

export type S3Credentials = { accessKeyId: string; secretAccessKey: string }

type Preparation = {
  endpoint: string
  region: string
  buckets: { incoming: string; clean: string; quarantine: string }
  root: S3Credentials
  api: S3Credentials
  scanner: S3Credentials
  binary: string
  adminEndpoint: string
  webOrigins: string[]
}

/** Creates the user, or sets the secret of one that is there. */
const prepareUser = async (preparation: Preparation, user: S3Credentials): Promise<void> => {
  const { root, binary, adminEndpoint } = preparation
  const env = childEnvironment({ ADMIN_ACCESS_KEY: root.accessKeyId, ADMIN_SECRET_KEY: root.secretAccessKey, ADMIN_ENDPOINT_URL: adminEndpoint })
  const admin = (...args: string[]) => run(binary, ['admin', ...args], { env, timeout: 15_000 })
  const credentials = ['--access', user.accessKeyId, '--secret', user.secretAccessKey]
  await admin('create-user', ...credentials, '--role', 'user').catch(() => admin('update-user', ...credentials))
}

const createBucket = async (client: S3Client, bucket: string): Promise<void> => {
  const isThere = await client.send(new HeadBucketCommand({ Bucket: bucket })).then(
    () => true,
    (error: unknown) => {
      if (error instanceof Error && error.name === 'NotFound') return false
      throw error
    },
  )
  if (!isThere) await client.send(new CreateBucketCommand({ Bucket: bucket }))
}

/** Creates users, buckets, versioning, policies and CORS. Safe to run twice; restores what was changed by hand. */
export const prepareBuckets = async (preparation: Preparation): Promise<void> => {
  const { endpoint, region, buckets, root, api, scanner } = preparation
  const client = new S3Client({ endpoint, region, credentials: { ...root }, forcePathStyle: true })
  const users: BucketUsers = { api: api.accessKeyId, scanner: scanner.accessKeyId }
  const prepareBucket = async (role: keyof typeof buckets): Promise<void> => {
    const Bucket = buckets[role]
    await createBucket(client, Bucket)
    await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }))
    await client.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify(bucketPolicy(role, Bucket, users)) }))
  }
  try {
    // One after another: the store writes its users to one file.
    for (const user of [api, scanner]) await prepareUser(preparation, user)
    await Promise.all((['incoming', 'clean', 'quarantine'] as const).map(prepareBucket))
    const rule = { AllowedOrigins: preparation.webOrigins, AllowedMethods: ['POST'], AllowedHeaders: ['*'], ExposeHeaders: ['ETag', 'x-amz-version-id'] }
    await client.send(new PutBucketCorsCommand({ Bucket: buckets.incoming, CORSConfiguration: { CORSRules: [{ ...rule, MaxAgeSeconds: 600 }] } }))
  } finally {
    client.destroy()
  }
}
