import { AbortMultipartUploadCommand, ListMultipartUploadsCommand, NoSuchUpload } from '@aws-sdk/client-s3'
import type { S3Client } from '@aws-sdk/client-s3'

/** Aborts what was begun before `before` and never completed; answers how many. One that ends meanwhile is no fault. */
export const abortMultipartUploads = async (client: S3Client, bucket: string, before: Date): Promise<number> => {
  let aborted = 0
  let marker: { KeyMarker?: string; UploadIdMarker?: string } = {}
  for (;;) {
    const page = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket, ...marker }))
    for (const { Key, UploadId, Initiated } of page.Uploads ?? []) {
      if (Initiated === undefined || Initiated >= before) continue
      const done = await client.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId })).catch(ignoreGone)
      if (done !== undefined) aborted += 1
    }
    if (page.IsTruncated !== true || page.NextKeyMarker === undefined) return aborted
    marker = {
      KeyMarker: page.NextKeyMarker,
      ...(page.NextUploadIdMarker === undefined ? {} : { UploadIdMarker: page.NextUploadIdMarker }),
    }
  }
}

const ignoreGone = (error: unknown): undefined => {
  if (error instanceof NoSuchUpload) return undefined
  throw error
}
