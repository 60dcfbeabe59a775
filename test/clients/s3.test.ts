import { randomBytes, randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  ListMultipartUploadsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { createObjectBucket } from '../../clients/s3/createObjectBucket.ts'
import { createS3Client } from '../../clients/s3/createS3Client.ts'

const { endpoint, region, root } = inject('stack').s3
const client = createS3Client({ endpoint, region, credentials: root })
const bucketName = `clients-${randomUUID()}`
const bucket = createObjectBucket(client, bucketName)
const key = () => randomUUID()
const put = async (name: string, text: string): Promise<string> => {
  const { versionId } = await bucket.write(name, Readable.from([Buffer.from(text)]))
  if (versionId === null) throw new Error('the bucket keeps no versions')
  return versionId
}
const readText = async (name: string, options?: Parameters<typeof bucket.read>[1]) =>
  (await buffer(await bucket.read(name, options))).toString()

beforeAll(async () => {
  await client.send(new CreateBucketCommand({ Bucket: bucketName }))
  await client.send(new PutBucketVersioningCommand({ Bucket: bucketName, VersioningConfiguration: { Status: 'Enabled' } }))
})

describe('versions', () => {
  test('a second upload to the same key changes nothing for the pinned version', async () => {
    const name = key()
    const first = await put(name, 'first')
    const second = await put(name, 'second')
    expect(await readText(name, { versionId: first })).toBe('first')
    expect(await readText(name)).toBe('second')
    expect(await bucket.listVersions(name)).toMatchObject([
      { key: name, versionId: second, bytes: 6, lastModified: expect.any(Date) },
      { key: name, versionId: first, bytes: 5 },
    ])
  })
  test('a key that does not exist has no versions, and neither has a longer key', async () => {
    const name = key()
    await put(`${name}x`, 'other')
    expect(await bucket.listVersions(name)).toEqual([])
  })
  test('delete markers are not versions', async () => {
    const name = key()
    const version = await put(name, 'kept')
    await client.send(new DeleteObjectCommand({ Bucket: bucketName, Key: name }))
    expect(await bucket.listVersions(name)).toMatchObject([{ versionId: version }])
    await expect(bucket.read(name)).rejects.toMatchObject({ name: 'NoSuchKey' })
    expect(await readText(name, { versionId: version })).toBe('kept')
  })
  test('deleting all versions leaves none, and no other key loses one', async () => {
    const name = key()
    await put(name, 'one')
    await put(name, 'two')
    await client.send(new DeleteObjectCommand({ Bucket: bucketName, Key: name }))
    await put(`${name}x`, 'other')
    expect(await bucket.deleteAllVersions(name)).toBe(3)
    expect(await bucket.listVersions(name)).toEqual([])
    expect(await bucket.listVersions(`${name}x`)).toHaveLength(1)
    expect(await bucket.deleteAllVersions(name)).toBe(0)
  })
  test('a deleted version is gone by name, and deleting it again is no fault', async () => {
    const name = key()
    const version = await put(name, 'one')
    await put(name, 'two')
    await bucket.deleteVersion(name, version)
    await bucket.deleteVersion(name, version)
    await expect(bucket.read(name, { versionId: version })).rejects.toMatchObject({ name: 'NoSuchVersion' })
    expect(await readText(name)).toBe('two')
  })
  test('all versions are listed over many pages', async () => {
    const names = Array.from({ length: 1_100 }, () => `page-${randomUUID()}`)
    for (let first = 0; first < names.length; first += 100) {
      await Promise.all(
        names.slice(first, first + 100).map((name) => client.send(new PutObjectCommand({ Bucket: bucketName, Key: name, Body: 'x' }))),
      )
    }
    const listed = new Set<string>()
    for await (const version of bucket.allVersions()) listed.add(version.key)
    expect(names.filter((name) => !listed.has(name))).toEqual([])
  })
})

describe('reading', () => {
  test('a range is read exactly, and its end may lie beyond the object', async () => {
    const name = key()
    await put(name, '0123456789')
    expect(await readText(name, { range: { first: 2, last: 4 } })).toBe('234')
    expect(await readText(name, { range: { first: 8, last: 99 } })).toBe('89')
  })
  test('an aborted read destroys its stream', async () => {
    const name = key()
    await bucket.write(name, Readable.from([randomBytes(4 * 1024 * 1024)]))
    const caller = new AbortController()
    const body = await bucket.read(name, { signal: caller.signal })
    caller.abort()
    await expect(buffer(body)).rejects.toThrow('abort')
    expect(body.destroyed).toBe(true)
  })
  test('a body that ends before its announced length fails instead of ending', async () => {
    const server = createServer((_request, response) => {
      response.writeHead(200, { 'content-length': '1000' })
      response.write('x'.repeat(500), () => response.destroy())
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    const short = createObjectBucket(
      createS3Client({ endpoint: `http://127.0.0.1:${address.port}`, region, credentials: root }),
      bucketName,
    )
    await expect(short.read(key()).then(buffer)).rejects.toThrow()
    server.close()
  })
  test('a body that stalls fails', async () => {
    const server = createServer((_request, response) => {
      response.writeHead(200, { 'content-length': '1000' })
      response.write('x'.repeat(500))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    const stalled = createS3Client({ endpoint: `http://127.0.0.1:${address.port}`, region, credentials: root, timeoutMs: 300 })
    await expect(createObjectBucket(stalled, bucketName).read(key()).then(buffer)).rejects.toThrow()
    server.closeAllConnections()
    server.close()
  })
})

describe('writing', () => {
  test('a large stream arrives whole', async () => {
    const name = key()
    const bytes = randomBytes(12 * 1024 * 1024 + 17)
    await bucket.write(name, Readable.from([bytes.subarray(0, 7_000_000), bytes.subarray(7_000_000)]))
    expect((await buffer(await bucket.read(name))).equals(bytes)).toBe(true)
  })
  test('a stream that fails leaves no object and no parts', async () => {
    const name = key()
    const body = Readable.from(
      (async function* () {
        yield randomBytes(12 * 1024 * 1024)
        throw new Error('the source hung up')
      })(),
    )
    await expect(bucket.write(name, body)).rejects.toThrow('the source hung up')
    expect(await bucket.listVersions(name)).toEqual([])
    expect((await client.send(new ListMultipartUploadsCommand({ Bucket: bucketName }))).Uploads ?? []).toEqual([])
  })
  test('an aborted upload rejects and leaves no object', async () => {
    const name = key()
    const caller = new AbortController()
    const body = new Readable({ read() {} })
    body.push(randomBytes(12 * 1024 * 1024))
    const written = bucket.write(name, body, { signal: caller.signal })
    setTimeout(() => caller.abort(new Error('cancelled')), 100)
    await expect(written).rejects.toThrow()
    expect(body.destroyed).toBe(true)
    expect(await bucket.listVersions(name)).toEqual([])
  })
  test('half-done uploads older than the given time are aborted, younger ones are left', async () => {
    // An upload that was aborted while it began may have left parts: that is what this is for.
    await bucket.abortMultipartUploads(new Date(Date.now() + 3_600_000))
    const begun = { Bucket: bucketName, Key: key() }
    await client.send(new CreateMultipartUploadCommand(begun))
    expect(await bucket.abortMultipartUploads(new Date(Date.now() - 3_600_000))).toBe(0)
    expect(await bucket.abortMultipartUploads(new Date(Date.now() + 3_600_000))).toBe(1)
    expect((await client.send(new ListMultipartUploadsCommand({ Bucket: bucketName }))).Uploads ?? []).toEqual([])
  })
})
