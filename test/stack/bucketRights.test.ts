import {
  AbortMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { reportsPrefix } from '../../domain/roster/objectKeys.ts'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'

const { s3 } = inject('stack')
const clientOf = (credentials: { accessKeyId: string; secretAccessKey: string }): S3Client =>
  new S3Client({ endpoint: s3.endpoint, region: s3.region, credentials: { ...credentials }, forcePathStyle: true, maxAttempts: 1 })
const clients = {
  root: clientOf(s3.root),
  api: clientOf(s3.api),
  scanner: clientOf(s3.scanner),
  oncall: clientOf(s3.oncall),
  rescan: clientOf(s3.rescan),
  roster: clientOf(s3.roster),
}
const buckets = ['incoming', 'clean', 'quarantine', 'archive', 'roster'] as const
type Bucket = (typeof buckets)[number]

const Key = 'rights-of-credentials'
const versions: Partial<Record<Bucket, string>> = {}

beforeAll(async () => {
  for (const bucket of buckets) {
    const put = await clients.root.send(new PutObjectCommand({ Bucket: s3.buckets[bucket], Key, Body: 'kept' }))
    versions[bucket] = put.VersionId ?? ''
  }
})

afterAll(() => Object.values(clients).forEach((client) => client.destroy()))

/** Each act on a bucket as one call; deletions act on a key of their own, so that the order of acts is of no account. */
const acts: Record<string, (client: S3Client, bucket: Bucket) => Promise<unknown>> = {
  put: (client, bucket) => client.send(new PutObjectCommand({ Bucket: s3.buckets[bucket], Key: `${Key}-put`, Body: 'new' })),
  get: (client, bucket) =>
    client.send(new GetObjectCommand({ Bucket: s3.buckets[bucket], Key })).then((got) => got.Body?.transformToString()),
  getVersion: (client, bucket) =>
    client
      .send(new GetObjectCommand({ Bucket: s3.buckets[bucket], Key, VersionId: versions[bucket] }))
      .then((got) => got.Body?.transformToString()),
  list: (client, bucket) => client.send(new ListObjectsV2Command({ Bucket: s3.buckets[bucket] })),
  listVersions: (client, bucket) => client.send(new ListObjectVersionsCommand({ Bucket: s3.buckets[bucket] })),
  listMultipart: (client, bucket) => client.send(new ListMultipartUploadsCommand({ Bucket: s3.buckets[bucket] })),
  abortMultipart: async (client, bucket) => {
    const started = await clients.root.send(new CreateMultipartUploadCommand({ Bucket: s3.buckets[bucket], Key: `${Key}-parts` }))
    const upload = { Bucket: s3.buckets[bucket], Key: `${Key}-parts`, UploadId: started.UploadId }
    try {
      await client.send(new AbortMultipartUploadCommand(upload))
    } catch (error) {
      await clients.root.send(new AbortMultipartUploadCommand(upload))
      throw error
    }
  },
  delete: (client, bucket) => client.send(new DeleteObjectCommand({ Bucket: s3.buckets[bucket], Key: `${Key}-gone` })),
  deleteVersion: async (client, bucket) => {
    const Bucket = s3.buckets[bucket]
    const put = await clients.root.send(new PutObjectCommand({ Bucket, Key: `${Key}-version`, Body: 'x' }))
    await client.send(new DeleteObjectCommand({ Bucket, Key: `${Key}-version`, VersionId: put.VersionId }))
  },
  setPolicy: (client, bucket) =>
    client.send(
      new PutBucketPolicyCommand({ Bucket: s3.buckets[bucket], Policy: JSON.stringify({ Version: '2012-10-17', Statement: [] }) }),
    ),
}

const emptying = ['abortMultipart', 'delete', 'deleteVersion', 'list', 'listMultipart', 'listVersions']
/** The API signs uploads and reads clean; the scanner cannot read back what it wrote, nor take anything from the archive; on-call reads that,
 * and sees which objects there are; who looks again reads clean alone. Feeds of rosters have a credential of their own. */
const allowed: Record<'api' | 'scanner' | 'oncall' | 'rescan' | 'roster', Record<Bucket, string[]>> = {
  api: { incoming: ['put'], clean: ['get'], quarantine: [], archive: [], roster: ['put'] },
  scanner: {
    incoming: [...emptying, 'get', 'getVersion'],
    clean: [...emptying, 'put'],
    quarantine: [...emptying, 'put'],
    archive: ['abortMultipart', 'list', 'listMultipart', 'listVersions', 'put'],
    roster: [],
  },
  oncall: {
    incoming: ['listVersions'],
    clean: ['listVersions'],
    quarantine: ['listVersions'],
    archive: ['get', 'getVersion', 'list', 'listVersions'],
    roster: ['listVersions'],
  },
  rescan: { incoming: [], clean: ['get'], quarantine: [], archive: [], roster: [] },
  roster: { incoming: [], clean: [], quarantine: [], archive: [], roster: [...emptying, 'get', 'getVersion', 'put'].toSorted() },
}

const isDenied = async (act: Promise<unknown>): Promise<boolean> => {
  try {
    await act
    return false
  } catch (error) {
    if (error instanceof Error && error.name === 'AccessDenied') return true
    throw error
  }
}

describe.for(['api', 'scanner', 'oncall', 'rescan', 'roster'] as const)('the credential of the %s', (user) => {
  test.for(buckets)('does in %s exactly what it may', async (bucket) => {
    const done: string[] = []
    for (const [name, act] of Object.entries(acts)) if (!(await isDenied(act(clients[user], bucket)))) done.push(name)
    expect(done.toSorted()).toEqual(allowed[user][bucket].toSorted())
  })
})

test('the credential of the api reads a report on a feed, and no feed', async () => {
  const Bucket = s3.buckets.roster
  const read = (key: string) => clients.api.send(new GetObjectCommand({ Bucket, Key: key })).then((got) => got.Body?.transformToString())
  for (const key of [`${reportsPrefix}${Key}`, `feeds/${Key}`])
    await clients.root.send(new PutObjectCommand({ Bucket, Key: key, Body: 'kept' }))
  expect(await read(`${reportsPrefix}${Key}`)).toBe('kept')
  expect(await isDenied(read(`feeds/${Key}`))).toBe(true)
})

test('nobody reads, lists or writes a bucket without a credential', async () => {
  for (const bucket of Object.values(s3.buckets)) {
    const read = await fetch(`${s3.endpoint}/${bucket}/${Key}`)
    const list = await fetch(`${s3.endpoint}/${bucket}?list-type=2`)
    const write = await fetch(`${s3.endpoint}/${bucket}/anonymous`, { method: 'PUT', body: 'x' })
    expect([read.status, list.status, write.status]).toEqual([403, 403, 403])
  }
})

const preflight = (origin: string): Promise<Response> =>
  fetch(`${s3.endpoint}/${s3.buckets.incoming}`, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } })

test('a browser of our origins may upload to incoming, and one of another origin may not', async () => {
  const [ours = ''] = inject('stack').webOrigins
  const welcome = await preflight(ours)
  expect(welcome.headers.get('access-control-allow-origin')).toBe(ours)
  const stranger = await preflight('https://elsewhere.example')
  expect(stranger.headers.get('access-control-allow-origin')).toBeNull()
})
