import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { openLocalKeyService } from '../../clients/localKeyFile.ts'
import { ensurePayloadKeyRing } from '../../clients/payloadKeyRingFile.ts'
import { withCanary } from '../support/canary.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { throwOnSignal } from '../support/throwOnSignal.ts'
import { bareEnvironment } from '../support/bareEnvironment.ts'

let database: TestDatabase
let folder: string
let environment: Record<string, string>
const children: ChildProcess[] = []

const findFreePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

type Started = { child: ChildProcess; output(): string; ended: Promise<number | null> }

const start = (changes: Record<string, string> = {}): Started => {
  const env = { ...bareEnvironment(), ...environment, ...changes }
  const child = spawn(process.execPath, ['api/main.ts'], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  children.push(child)
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk))
  return { child, output: () => Buffer.concat(chunks).toString(), ended: once(child, 'close').then(([code]) => code as number | null) }
}

const statusOf = (path: string): Promise<number> =>
  fetch(`${environment['API_PUBLIC_URL']}${path}`).then(
    (response) => response.status,
    () => 0,
  )

beforeAll(async () => {
  const stack = inject('stack')
  database = await createTestDatabase()
  folder = await mkdtemp(join(tmpdir(), 'hallpass-api-'))
  const port = await findFreePort()
  const [keyFolder, ringFile] = [join(folder, 'keys'), join(folder, 'ring.json')]
  await ensurePayloadKeyRing(await openLocalKeyService(keyFolder), ringFile)
  environment = {
    HALLPASS_REGION: stack.region,
    DATABASE_URL_APP: database.urls.app,
    DATABASE_URL_AUTH: database.urls.auth,
    // Nothing listens there: the API starts and is ready without Temporal.
    TEMPORAL_ADDRESS: '127.0.0.1:1',
    S3_ENDPOINT: stack.s3.endpoint,
    S3_REGION: stack.region,
    S3_API_ACCESS_KEY: stack.s3.api.accessKeyId,
    S3_API_SECRET_KEY: stack.s3.api.secretAccessKey,
    S3_BUCKET_INCOMING: stack.s3.buckets.incoming,
    S3_BUCKET_CLEAN: stack.s3.buckets.clean,
    S3_BUCKET_ROSTER: stack.s3.buckets.roster,
    KEY_FILE: keyFolder,
    PAYLOAD_KEY_RING_FILE: ringFile,
    API_PORT: String(port),
    API_METRICS_PORT: '0',
    API_PUBLIC_URL: `http://127.0.0.1:${port}`,
  }
})

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  await database?.close()
  await rm(folder, { recursive: true, force: true })
})

test('the process is ready without Temporal, and ends by itself when asked to', async () => {
  const api = start()
  await expect.poll(() => statusOf('/readyz'), { timeout: 20_000 }).toBe(200)
  expect(await statusOf('/livez')).toBe(200)
  api.child.kill('SIGTERM')
  expect(await api.ended).toBe(0)
  expect(api.output()).toContain('stopped')
})

test('without its database the process lives, is not ready, and says so without a password', async () => {
  const away = new URL(database.urls.app)
  away.port = '1'
  const api = start({ DATABASE_URL_APP: away.href })
  await expect.poll(() => statusOf('/livez'), { timeout: 20_000 }).toBe(200)
  expect(await statusOf('/readyz')).toBe(503)
  api.child.kill('SIGTERM')
  expect(await api.ended).toBe(0)
  expect(api.output()).not.toContain(away.password)
})

test('keys that cannot be read are named, and production refuses keys on a disk', async () => {
  const noRing = start({ PAYLOAD_KEY_RING_FILE: join(folder, 'absent.json') })
  expect(await noRing.ended).toBe(1)
  expect(noRing.output()).toContain('PAYLOAD_KEY_RING_FILE: expected')
  const production = start({ HALLPASS_ENV: 'production' })
  expect(await production.ended).toBe(1)
  expect(production.output()).toContain('KEY_FILE: expected')
})

test('an environment outside the law is refused with the names of what is wrong', async () => {
  const api = start({ HALLPASS_REGION: 'eu-west-1', S3_ENDPOINT: 'https://s3.eu-west-1.amazonaws.com' })
  expect(await api.ended).toBe(1)
  expect(api.output()).toMatch(/HALLPASS_REGION: expected[\s\S]*S3_ENDPOINT: expected/)
})

test('a fault that nobody catches ends the process, and is logged without its words', async () => {
  const api = start(throwOnSignal(withCanary('what a child wrote')))
  await expect.poll(() => statusOf('/livez'), { timeout: 20_000 }).toBe(200)
  api.child.kill('SIGUSR2')
  expect(await api.ended).toBe(1)
  expect(api.output()).toContain('"msg":"ended by a fault"')
  expect(api.output()).not.toContain('what a child wrote')
})
