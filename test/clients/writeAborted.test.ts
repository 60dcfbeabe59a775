import { randomBytes, randomUUID } from 'node:crypto'
import { setImmediate as turn } from 'node:timers/promises'
import { beforeAll, expect, inject, test } from 'vitest'
import { createObjectBucket } from '../../clients/s3/createObjectBucket.ts'
import { createS3Client } from '../../clients/s3/createS3Client.ts'
import { writeFeed } from '../../clients/oneroster/writeFeed.ts'
import type { ObjectBucket } from '../../domain/ports.ts'
import { noteUncaught } from '../support/noteUncaught.ts'

let bucket: ObjectBucket

beforeAll(() => {
  const { endpoint, region, root, buckets } = inject('stack').s3
  bucket = createObjectBucket(createS3Client({ endpoint, region, credentials: root }), buckets.roster)
})

const rowBytes = 500_000

test.each([null, 0, 9, 40])(
  'an activity that is cancelled while it stores, once %s pieces were read, ends as cancelled, leaves no object, and its process lives',
  async (pieces) => {
    const uncaught = noteUncaught()
    const cancelling = new AbortController()
    const { promise: reached, resolve: reach } = Promise.withResolvers<void>()
    /** Rows without end, as long as somebody reads them. */
    async function* endless(): AsyncGenerator<string[]> {
      for (let row = 0; ; row += 1) {
        if (row === pieces) reach()
        await turn()
        yield [randomBytes(rowBytes).toString('base64')]
      }
    }
    const key = `aborted/${randomUUID()}`
    const body = writeFeed([{ file: 'orgs', rows: endless }], { version: '1.2', mode: 'bulk' })
    const written = bucket.write(key, body, { signal: cancelling.signal }).catch((error: unknown) => error)
    // Null: before anything was asked for.
    if (pieces !== null) await reached
    cancelling.abort(new Error('cancelled'))
    expect(await written).toBeInstanceOf(Error)
    for (let passed = 0; passed < 20; passed += 1) await turn()
    expect([uncaught, body.destroyed, await bucket.listVersions(key)]).toEqual([[], true, []])
  },
)
