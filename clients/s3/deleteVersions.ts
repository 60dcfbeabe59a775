import { DeleteObjectsCommand } from '@aws-sdk/client-s3'
import type { S3Client } from '@aws-sdk/client-s3'
import { listVersionPages } from './listVersionPages.ts'

/** The most that one DeleteObjects takes. */
const batchMax = 1_000

/** Deletes every version and delete marker of exactly `key`; answers how many. @throws when the store keeps any of them. */
export const deleteAllVersions = async (client: S3Client, bucket: string, key: string): Promise<number> => {
  const versionIds: string[] = []
  for await (const page of listVersionPages(client, bucket, { prefix: key })) {
    for (const version of [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])]) {
      if (version.Key === key && version.VersionId !== undefined) versionIds.push(version.VersionId)
    }
  }
  for (let first = 0; first < versionIds.length; first += batchMax) {
    const Objects = versionIds.slice(first, first + batchMax).map((VersionId) => ({ Key: key, VersionId }))
    const deleted = await client.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }))
    const refused = deleted.Errors?.[0]
    if (refused !== undefined) throw new Error(`the store keeps a version: ${refused.Code ?? 'no code'}`)
  }
  return versionIds.length
}
