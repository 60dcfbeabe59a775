import { ListMultipartUploadsCommand } from '@aws-sdk/client-s3'
import { createS3Client } from '../../clients/s3/createS3Client.ts'
import type { S3Address } from '../../stack/servers/versitygw.ts'

/** Large writes that never came to their end, in all of these buckets. */
export const countHalfDone = async (
  { endpoint, region, root }: Pick<S3Address, 'endpoint' | 'region' | 'root'>,
  buckets: readonly string[],
): Promise<number> => {
  const s3 = createS3Client({ endpoint, region, credentials: root })
  const counts = await Promise.all(
    buckets.map(async (Bucket) => (await s3.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads?.length ?? 0),
  )
  s3.destroy()
  return counts.reduce((sum, count) => sum + count, 0)
}
