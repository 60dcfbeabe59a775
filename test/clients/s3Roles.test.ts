import { randomBytes, randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { expect, inject, test } from 'vitest'
import { createObjectBucket } from '../../clients/s3/createObjectBucket.ts'
import { createS3Client } from '../../clients/s3/createS3Client.ts'
import { createUploadSigner } from '../../clients/s3/createUploadSigner.ts'

const { endpoint, region, buckets, api, scanner } = inject('stack').s3
const asApi = createS3Client({ endpoint, region, credentials: api })
const asScanner = createS3Client({ endpoint, region, credentials: scanner })
const large = randomBytes(12 * 1024 * 1024)

const upload = async (text: string) => {
  const key = randomUUID()
  const ticket = await createUploadSigner(asApi, buckets.incoming).signUpload({
    key,
    contentType: 'text/plain',
    bytesMax: 100,
    expiresInSeconds: 60,
  })
  const form = new FormData()
  for (const [name, value] of Object.entries(ticket.fields)) form.set(name, value)
  form.set('file', new Blob([text]))
  const response = await fetch(ticket.url, { method: 'POST', body: form })
  expect(response.status).toBe(201)
  return { key, versionId: response.headers.get('x-amz-version-id') ?? '' }
}

test('what the API signs, the scanner reads by version and clears away', async () => {
  const incoming = createObjectBucket(asScanner, buckets.incoming)
  const { key, versionId } = await upload('hello')
  expect((await buffer(await incoming.read(key, { versionId }))).toString()).toBe('hello')
  expect(await incoming.listVersions(key)).toMatchObject([{ versionId, bytes: 5 }])
  expect(await incoming.deleteAllVersions(key)).toBe(1)
  await expect(incoming.read(key, { versionId })).rejects.toMatchObject({ name: 'NoSuchVersion' })
  await incoming.abortMultipartUploads(new Date(0))
})

test('what the scanner writes to clean, in parts too, the API reads and the scanner cannot', async () => {
  const clean = createObjectBucket(asScanner, buckets.clean)
  const key = randomUUID()
  await clean.write(key, Readable.from([large]))
  const body = await buffer(await createObjectBucket(asApi, buckets.clean).read(key))
  expect(body.equals(large)).toBe(true)
  await expect(clean.read(key)).rejects.toMatchObject({ name: 'AccessDenied' })
  expect(await clean.deleteAllVersions(key)).toBe(1)
})

test('what lies in quarantine nobody of ours reads, and the scanner can purge it', async () => {
  const quarantine = createObjectBucket(asScanner, buckets.quarantine)
  const key = randomUUID()
  await quarantine.write(key, Readable.from([large]))
  for (const client of [asApi, asScanner]) {
    await expect(createObjectBucket(client, buckets.quarantine).read(key)).rejects.toMatchObject({ name: 'AccessDenied' })
  }
  expect(await quarantine.deleteAllVersions(key)).toBe(1)
})

test('a failed write by the scanner leaves neither object nor parts', async () => {
  const clean = createObjectBucket(asScanner, buckets.clean)
  const key = randomUUID()
  const body = Readable.from(
    (async function* () {
      yield large
      throw new Error('the source hung up')
    })(),
  )
  await expect(clean.write(key, body)).rejects.toThrow('the source hung up')
  expect(await clean.listVersions(key)).toEqual([])
})
