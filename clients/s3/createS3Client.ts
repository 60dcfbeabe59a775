import { S3Client } from '@aws-sdk/client-s3'

export type S3ClientOptions = {
  endpoint: string
  region: string
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }
  /** How long a connection, an answer, or the next bytes may take. */
  timeoutMs?: number
}

/**
 * A client for one credential. The mains refuse an endpoint or region outside the United States before they
 * make one (`domain/residency.ts`). Path style, since the local store and compose have no bucket host names.
 */
export const createS3Client = ({ endpoint, region, credentials, timeoutMs = 30_000 }: S3ClientOptions): S3Client =>
  new S3Client({
    endpoint,
    region,
    credentials,
    forcePathStyle: true,
    followRegionRedirects: false,
    // What is read is hashed or authenticated by whoever reads it. The store's own CRC-64, which the client would compute in JavaScript, adds no proof to that
    // and takes longer than all the rest of reading (docs/performance.md).
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: 5_000,
      requestTimeout: timeoutMs,
      throwOnRequestTimeout: true,
      socketTimeout: timeoutMs,
      httpAgent: { keepAlive: true, maxSockets: 64 },
      httpsAgent: { keepAlive: true, maxSockets: 64 },
    },
  })
