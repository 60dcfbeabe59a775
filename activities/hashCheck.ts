import { ApplicationFailure } from '@temporalio/activity'
import { createHash } from 'node:crypto'
import { Transform } from 'node:stream'

/**
 * Passes bytes on and breaks at their end unless they are the inspected ones, so that whoever stores the stream never completes. A
 * version does not change: other bytes under its id are a fault that no repetition cures.
 */
export const createHashCheck = (sha256: string): Transform => {
  const hash = createHash('sha256')
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      done(null, chunk)
    },
    flush(done) {
      const same = hash.digest('hex') === sha256
      done(same ? null : ApplicationFailure.nonRetryable('the pinned version is not what was inspected', 'HashMismatch'))
    },
  })
}
