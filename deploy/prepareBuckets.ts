import {
  CreateBucketCommand,
  HeadBucketCommand,
  PutBucketCorsCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { bucketPolicy } from './bucketPolicy.ts'
import type { BucketUsers, PolicyRole } from './bucketPolicy.ts'

export type S3Credentials = { accessKeyId: string; secretAccessKey: string }

export type BucketPreparation = {
  endpoint: string
  region: string
  buckets: Record<PolicyRole, string>
  /** Who may create buckets and set policies; no application holds it. */
  root: S3Credentials
  /** Access key ids that the policies name. They must exist. */
  users: BucketUsers
  /** Origins from which a browser may upload; none leaves the bucket's CORS as it is. */
  webOrigins: string[]
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

/** Creates buckets, versioning, policies and CORS. Safe to run twice; restores what was changed by hand. */
export const prepareBuckets = async (preparation: BucketPreparation): Promise<void> => {
  const { endpoint, region, buckets, root, users, webOrigins } = preparation
  const client = new S3Client({ endpoint, region, credentials: { ...root }, forcePathStyle: true })
  const prepareBucket = async (role: keyof typeof buckets): Promise<void> => {
    const Bucket = buckets[role]
    await createBucket(client, Bucket)
    await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }))
    await client.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify(bucketPolicy(role, Bucket, users)) }))
  }
  try {
    await Promise.all((['incoming', 'clean', 'quarantine', 'archive', 'roster'] as const).map(prepareBucket))
    if (webOrigins.length === 0) return
    const rule = {
      AllowedOrigins: webOrigins,
      AllowedMethods: ['POST'],
      AllowedHeaders: ['*'],
      ExposeHeaders: ['ETag', 'x-amz-version-id'],
    }
    // An administrator may send a feed from a page, too.
    for (const Bucket of [buckets.incoming, buckets.roster]) {
      await client.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules: [{ ...rule, MaxAgeSeconds: 600 }] } }))
    }
  } finally {
    client.destroy()
  }
}
