import { GetBucketEncryptionCommand } from '@aws-sdk/client-s3'
import type { S3Client } from '@aws-sdk/client-s3'

/** A bucket that would keep what it is given unencrypted, or does not say. Names the bucket. */
export class StoreUnencrypted extends Error {
  override readonly name = 'StoreUnencrypted'
}

/** SSE-S3 and SSE-KMS, all of them AES-256. */
const accepted = new Set<string>(['AES256', 'aws:kms', 'aws:kms:dsse'])

/**
 * The incoming bucket holds uploads as they came, so its own encryption is all that protects them at rest (law 10): whoever starts in
 * production asks for it first.
 * @throws StoreUnencrypted unless every bucket says that it encrypts by default; what it does not say counts as no.
 */
export const requireStoreEncryption = async (client: S3Client, buckets: readonly string[]): Promise<void> => {
  for (const bucket of buckets) {
    const rules = await client.send(new GetBucketEncryptionCommand({ Bucket: bucket })).then(
      (answer) => answer.ServerSideEncryptionConfiguration?.Rules ?? [],
      (cause: unknown) => {
        throw new StoreUnencrypted(`bucket ${bucket} does not say how it encrypts: grant s3:GetEncryptionConfiguration`, { cause })
      },
    )
    const isEncrypted = rules.some((rule) => accepted.has(rule.ApplyServerSideEncryptionByDefault?.SSEAlgorithm ?? ''))
    if (!isEncrypted) throw new StoreUnencrypted(`bucket ${bucket} does not encrypt by default: set its default encryption`)
  }
}
