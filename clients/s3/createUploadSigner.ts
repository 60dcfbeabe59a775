import { createPresignedPost } from '@aws-sdk/s3-presigned-post'
import type { S3Client } from '@aws-sdk/client-s3'
import type { UploadSigner } from '../../domain/ports.ts'

/**
 * Signs uploads straight to the bucket. `client` must be made for the address that browsers reach: the URL is
 * taken from it. A policy is exact in key, content type and bucket, and bounded in size and time; nothing else may be
 * added to the form. The store answers 201 with key and ETag; the version is in `x-amz-version-id`.
 * A ticket can be used again until it expires, so a reader must pin the version.
 */
export const createUploadSigner = (client: S3Client, bucket: string): UploadSigner => ({
  signUpload: async ({ key, contentType, bytesMax, expiresInSeconds }) => {
    // `${filename}` at the end would let the browser choose the key.
    if (!/^[\w./-]{1,512}$/.test(key)) throw new RangeError('an object key has letters, digits, dots, dashes and slashes only')
    if (!Number.isSafeInteger(bytesMax) || bytesMax < 1) throw new RangeError('an upload is at least one byte')
    const expiresAt = new Date(Date.now() + expiresInSeconds * 1_000)
    const { url, fields } = await createPresignedPost(client, {
      Bucket: bucket,
      Key: key,
      Expires: expiresInSeconds,
      Conditions: [['content-length-range', 1, bytesMax]],
      Fields: { 'Content-Type': contentType, success_action_status: '201' },
    })
    return { url, fields, expiresAt }
  },
})
