import { DeleteObjectCommand } from '@aws-sdk/client-s3'
import type { ObjectVersion, S3Client } from '@aws-sdk/client-s3'
import type { ObjectBucket, StoredObject } from '../../domain/ports.ts'
import { abortMultipartUploads } from './abortMultipartUploads.ts'
import { deleteAllVersions } from './deleteVersions.ts'
import { isGoneVersion } from './noSuchVersion.ts'
import { listVersionPages } from './listVersionPages.ts'
import { readObject } from './readObject.ts'
import { writeObject } from './writeObject.ts'

const toStoredObject = ({ Key, VersionId, Size, LastModified }: ObjectVersion): StoredObject => {
  if (Key === undefined || VersionId === undefined || Size === undefined || LastModified === undefined) {
    throw new Error('the store lists a version without its key, id, size or time')
  }
  return { key: Key, versionId: VersionId, bytes: Size, lastModified: LastModified }
}

async function* allVersions(
  client: S3Client,
  bucket: string,
  range: { prefix?: string; afterKey?: string } = {},
): AsyncGenerator<StoredObject> {
  for await (const page of listVersionPages(client, bucket, range)) {
    // Stores differ in whether the marker itself comes again.
    yield* (page.Versions ?? []).map(toStoredObject).filter(({ key }) => key !== range.afterKey)
  }
}

/** One S3 bucket as the port wants it. It may do what the credential of `client` may do, and nothing else. */
export const createObjectBucket = (client: S3Client, bucket: string): ObjectBucket => ({
  bucket,
  listVersions: async (key) => {
    const versions: StoredObject[] = []
    for await (const version of allVersions(client, bucket, { prefix: key })) if (version.key === key) versions.push(version)
    return versions
  },
  allVersions: (afterKey) => allVersions(client, bucket, afterKey === undefined ? {} : { afterKey }),
  versionsUnder: (prefix) => allVersions(client, bucket, { prefix }),
  read: (key, options) => readObject(client, bucket, key, options),
  write: (key, body, options) => writeObject(client, bucket, key, body, options),
  deleteAllVersions: (key) => deleteAllVersions(client, bucket, key),
  deleteVersion: async (key, versionId) => {
    await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId })).catch((error: unknown) => {
      if (!isGoneVersion(error)) throw error
    })
  },
  abortMultipartUploads: (before) => abortMultipartUploads(client, bucket, before),
})
