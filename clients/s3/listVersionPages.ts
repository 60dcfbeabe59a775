import { ListObjectVersionsCommand } from '@aws-sdk/client-s3'
import type { ListObjectVersionsCommandOutput, S3Client } from '@aws-sdk/client-s3'

/** Pages of versions and delete markers, keys in order, newest version of a key first. The SDK has no paginator for these. */
export async function* listVersionPages(
  client: S3Client,
  bucket: string,
  { prefix, afterKey }: { prefix?: string; afterKey?: string } = {},
): AsyncGenerator<ListObjectVersionsCommandOutput> {
  let marker: { KeyMarker?: string; VersionIdMarker?: string } = afterKey === undefined ? {} : { KeyMarker: afterKey }
  for (;;) {
    const page = await client.send(
      new ListObjectVersionsCommand({ Bucket: bucket, ...(prefix === undefined ? {} : { Prefix: prefix }), ...marker }),
    )
    yield page
    if (page.IsTruncated !== true) return
    if (page.NextKeyMarker === undefined) throw new Error('the store says that there is more, but not where')
    marker = {
      KeyMarker: page.NextKeyMarker,
      ...(page.NextVersionIdMarker === undefined ? {} : { VersionIdMarker: page.NextVersionIdMarker }),
    }
  }
}
