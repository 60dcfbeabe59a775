import type { Readable } from 'node:stream'
import { Upload } from '@aws-sdk/lib-storage'
import type { S3Client } from '@aws-sdk/client-s3'

/**
 * Uploads `body` whole or not at all: a failed or aborted upload leaves no object, and its parts are aborted
 * (by the sweeper, if the store is gone at that moment). `body` is destroyed in any case.
 */
export const writeObject = async (
  client: S3Client,
  bucket: string,
  key: string,
  body: Readable,
  options: { signal?: AbortSignal } = {},
): Promise<{ versionId: string | null }> => {
  const { signal } = options
  const upload = new Upload({ client, params: { Bucket: bucket, Key: key, Body: body }, queueSize: 2, leavePartsOnError: false })
  const abort = (): void => {
    body.destroy(signal?.reason instanceof Error ? signal.reason : new Error('aborted'))
    void upload.abort()
  }
  signal?.addEventListener('abort', abort, { once: true })
  try {
    signal?.throwIfAborted()
    const written = await upload.done()
    return { versionId: written.VersionId ?? null }
  } finally {
    signal?.removeEventListener('abort', abort)
    body.destroy()
  }
}
