import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, inject, test } from 'vitest'
import { createS3Client } from '../../clients/s3/createS3Client.ts'
import { requireStoreEncryption, StoreUnencrypted } from '../../clients/s3/requireStoreEncryption.ts'

let server: Server | undefined
afterEach(() => server?.close())

/** S3's answer to GetBucketEncryption, for a store that cannot be had here: the local one does not know the call. */
const startStore = async (algorithms: Record<string, string | null>) => {
  server = createServer((request, response) => {
    const bucket = new URL(request.url ?? '/', 'http://store').pathname.split('/')[1] ?? ''
    const algorithm = algorithms[bucket]
    if (algorithm === undefined || algorithm === null) {
      response.writeHead(404, { 'content-type': 'application/xml' })
      response.end('<Error><Code>ServerSideEncryptionConfigurationNotFoundError</Code><Message>none</Message></Error>')
      return
    }
    const rule = `<Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>${algorithm}</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule>`
    response.writeHead(200, { 'content-type': 'application/xml' })
    response.end(`<ServerSideEncryptionConfiguration>${rule}</ServerSideEncryptionConfiguration>`)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return createS3Client({ endpoint, region: 'us-east-1', credentials: { accessKeyId: 'key', secretAccessKey: 'secret' } })
}

test('buckets that encrypt by default are accepted', async () => {
  const client = await startStore({ incoming: 'AES256', clean: 'aws:kms' })
  await expect(requireStoreEncryption(client, ['incoming', 'clean'])).resolves.toBeUndefined()
})

test.each([
  ['has no default encryption', null],
  ['encrypts with something unknown', 'rot13'],
])('a bucket that %s is refused by name', async (_, algorithm) => {
  const client = await startStore({ incoming: 'AES256', clean: algorithm })
  await expect(requireStoreEncryption(client, ['incoming', 'clean'])).rejects.toThrow(/bucket clean/)
})

test('a store that does not know the question is refused', async () => {
  const { endpoint, region, root, buckets } = inject('stack').s3
  const client = createS3Client({ endpoint, region, credentials: root })
  await expect(requireStoreEncryption(client, [buckets.incoming])).rejects.toThrow(StoreUnencrypted)
})
