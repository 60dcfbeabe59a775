import type { ObjectBucket } from '../../domain/ports.ts'
import { traceCalls } from '../../telemetry/traceCalls.ts'

/** The bucket, and each of its calls is a span of the trace that is under way. Of a read that is the time to its first byte. */
export const traceBucket = (bucket: ObjectBucket): ObjectBucket =>
  traceCalls('s3', bucket, ['listVersions', 'read', 'write', 'deleteAllVersions', 'deleteVersion', 'abortMultipartUploads'])
