import { randomUUID } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { CreateBucketCommand, PutBucketVersioningCommand } from '@aws-sdk/client-s3'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import type { UploadTicket } from '../../domain/ports.ts'
import { createObjectBucket } from '../../clients/s3/createObjectBucket.ts'
import { createS3Client } from '../../clients/s3/createS3Client.ts'
import { createUploadSigner } from '../../clients/s3/createUploadSigner.ts'

const { endpoint, region, root } = inject('stack').s3
const client = createS3Client({ endpoint, region, credentials: root })
const bucketName = `policy-${randomUUID()}`
const bucket = createObjectBucket(client, bucketName)
const signer = createUploadSigner(client, bucketName)
const bytesMax = 1_000

beforeAll(async () => {
  await client.send(new CreateBucketCommand({ Bucket: bucketName }))
  await client.send(new PutBucketVersioningCommand({ Bucket: bucketName, VersioningConfiguration: { Status: 'Enabled' } }))
})

const sign = async (over: { expiresInSeconds?: number } = {}) => {
  const key = randomUUID()
  return { key, ticket: await signer.signUpload({ key, contentType: 'text/plain', bytesMax, expiresInSeconds: 60, ...over }) }
}

/** Posts as a browser's form does: the fields, then the file. */
const post = (ticket: UploadTicket, text: string, fields: Record<string, string | undefined> = {}): Promise<Response> => {
  const form = new FormData()
  for (const [name, value] of Object.entries({ ...ticket.fields, ...fields })) if (value !== undefined) form.set(name, value)
  form.set('file', new Blob([text], { type: 'text/plain' }), 'file.txt')
  return fetch(ticket.url, { method: 'POST', body: form })
}

const editPolicy = (ticket: UploadTicket, edit: (policy: string) => string): Record<string, string> => ({
  Policy: Buffer.from(edit(Buffer.from(ticket.fields['Policy'] ?? '', 'base64').toString())).toString('base64'),
})

test('the upload that was signed is stored, and the answer names its version and ETag', async () => {
  const { key, ticket } = await sign()
  const response = await post(ticket, 'hello')
  expect(response.status).toBe(201)
  const stored = await bucket.listVersions(key)
  expect(stored).toMatchObject([{ key, bytes: 5 }])
  expect(response.headers.get('x-amz-version-id')).toBe(stored[0]?.versionId)
  expect(response.headers.get('etag')).toMatch(/[0-9a-f]{32}/)
  expect((await buffer(await bucket.read(key))).toString()).toBe('hello')
})

test('a ticket used twice makes a second version and leaves the first as it was', async () => {
  const { key, ticket } = await sign()
  const first = await post(ticket, 'hello')
  await post(ticket, 'other')
  const versionId = first.headers.get('x-amz-version-id') ?? ''
  expect(await bucket.listVersions(key)).toHaveLength(2)
  expect((await buffer(await bucket.read(key, { versionId }))).toString()).toBe('hello')
})

describe('nothing is stored by', () => {
  const attempts: Record<string, (ticket: UploadTicket) => Promise<Response>> = {
    'a file over the limit': (ticket) => post(ticket, 'x'.repeat(bytesMax + 1)),
    'an empty file': (ticket) => post(ticket, ''),
    'another content type': (ticket) => post(ticket, 'hello', { 'Content-Type': 'text/html' }),
    'no content type': (ticket) => post(ticket, 'hello', { 'Content-Type': undefined }),
    'another status to answer with': (ticket) => post(ticket, 'hello', { success_action_status: '200' }),
    'a field that the policy does not name': (ticket) => post(ticket, 'hello', { 'x-amz-meta-extra': 'x' }),
    'a policy edited to allow more bytes': (ticket) =>
      post(
        ticket,
        'x'.repeat(bytesMax + 1),
        editPolicy(ticket, (policy) => policy.replace('1000', '9000')),
      ),
    'a policy edited to live longer': (ticket) =>
      post(
        ticket,
        'hello',
        editPolicy(ticket, (policy) => policy.replace(/"20\d\d-/, '"2999-')),
      ),
    'another signature': (ticket) => post(ticket, 'hello', { 'X-Amz-Signature': 'f'.repeat(64) }),
    'another credential': (ticket) =>
      post(ticket, 'hello', { 'X-Amz-Credential': (ticket.fields['X-Amz-Credential'] ?? '').replace(root.accessKeyId, 'somebody') }),
    'no policy': (ticket) => post(ticket, 'hello', { Policy: undefined }),
    'nobody in particular': (ticket) =>
      post(ticket, 'hello', {
        Policy: undefined,
        'X-Amz-Signature': undefined,
        'X-Amz-Credential': undefined,
        'X-Amz-Algorithm': undefined,
        'X-Amz-Date': undefined,
      }),
    'a second use with no bytes': async (ticket) => post(ticket, ''),
  }
  test.each(Object.entries(attempts))('%s', async (_name, attempt) => {
    const { key, ticket } = await sign()
    const response = await attempt(ticket)
    expect(response.status).toBeGreaterThanOrEqual(400)
    expect(response.status).toBeLessThan(500)
    expect(await bucket.listVersions(key)).toEqual([])
  })

  test('another key', async () => {
    const { ticket } = await sign()
    const other = randomUUID()
    expect((await post(ticket, 'hello', { key: other })).status).toBe(403)
    expect(await bucket.listVersions(other)).toEqual([])
  })
  test('another bucket', async () => {
    const { key, ticket } = await sign()
    const other = `policy-${randomUUID()}`
    await client.send(new CreateBucketCommand({ Bucket: other }))
    const moved = { ...ticket, url: ticket.url.replace(bucketName, other) }
    expect((await post(moved, 'hello', { bucket: other })).status).toBe(403)
    expect(await createObjectBucket(client, other).listVersions(key)).toEqual([])
  })
  test('an expired ticket', async () => {
    const { key, ticket } = await sign({ expiresInSeconds: -1 })
    expect(ticket.expiresAt.getTime()).toBeLessThan(Date.now())
    expect((await post(ticket, 'hello')).status).toBe(403)
    expect(await bucket.listVersions(key)).toEqual([])
  })
})

test('a key that would let the browser choose is not signed', async () => {
  await expect(signer.signUpload({ key: 'a/${filename}', contentType: 'text/plain', bytesMax, expiresInSeconds: 60 })).rejects.toThrow(
    'object key',
  )
})
