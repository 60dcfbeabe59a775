import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'
import { createApiFrontDoor } from '../../clients/apiFrontDoor.ts'
import { createAttachmentWorld, type AttachmentWorld } from '../support/attachmentWorld.ts'
import { withCanary } from '../support/canary.ts'
import { signIn } from '../support/signIn.ts'
import { startApiProcess, type ApiProcess } from '../support/startApiProcess.ts'
import { startBalancer, type Balancer } from '../support/startBalancer.ts'
import { startWorkerProcess, type WorkerProcess } from '../support/startWorkerProcess.ts'

let world: AttachmentWorld
let balancer: Balancer
let token: string
let apis: ApiProcess[] = []
let workers: WorkerProcess[] = []

const startApi = async (): Promise<ApiProcess> => {
  // Longer than the balancer takes to look again.
  const api = startApiProcess(world, { API_LEAVE_SECONDS: '1.5' })
  balancer.add(await api.url)
  return api
}
const startWorker = async (): Promise<WorkerProcess> => {
  const worker = startWorkerProcess({ ...world.environment, WORKER_HEALTH_PORT: '0', LOG_LEVEL: 'info' })
  const health = await worker.health
  await vi.waitFor(async () => expect((await fetch(`${health}/readyz`)).status).toBe(200), { timeout: 60_000, interval: 200 })
  return worker
}
const untilServed = () => vi.waitFor(async () => expect((await get('/v1/me')).status).toBe(200), { timeout: 60_000, interval: 200 })
const get = (path: string): Promise<Response> => fetch(`${balancer.url}${path}`, { headers: { authorization: `Bearer ${token}` } })

beforeAll(async () => {
  world = await createAttachmentWorld({}, { hasOwnNamespace: true })
  balancer = await startBalancer()
  token = (await signIn(world.adapters.app, world.channel.districtId, world.channel.teacherId)).token
  apis = await Promise.all([startApi(), startApi()])
  workers = await Promise.all([startWorker(), startWorker()])
  await untilServed()
}, 180_000)
afterAll(async () => {
  for (const { child } of [...apis, ...workers]) child.kill('SIGKILL')
  await balancer?.stop()
  await world?.close()
})

type Load = { done: number; failures: string[] }

/** Does `act` again and again until the signal aborts; what goes wrong is kept. */
const repeat = async (load: Load, name: string, signal: AbortSignal, act: () => Promise<void>): Promise<void> => {
  while (!signal.aborted) {
    try {
      await act()
      load.done += 1
    } catch (error) {
      load.failures.push(
        `${name}: ${error instanceof Error ? `${error.message} ${error.cause instanceof Error ? error.cause.message : ''}` : 'unknown'}`,
      )
    }
    // Always some under way, and processors left for the processes that start.
    await sleep(100)
  }
}

const upload = async (content: Buffer): Promise<string> => {
  const door = createApiFrontDoor({ apiUrl: balancer.url, storeEndpoint: inject('stack').s3.endpoint, timeoutMs: 60_000 })
  const file = { fileName: 'homework.txt', contentType: 'text/plain', content }
  return (await door.send({ ...file, token, channelId: world.channel.channelId, idempotencyKey: randomUUID() })).attachmentId
}
const stateOf = async (id: string): Promise<string> => (await world.row(id)).state

test(
  'a rolling restart of all processes under load fails no request, cuts no download and loses no scan',
  { timeout: 400_000 },
  async () => {
    const large = Buffer.from(withCanary('downloaded while its server leaves\n').padEnd(3_000_000, 'all of it '))
    const downloaded = await upload(large)
    await vi.waitFor(async () => expect(await stateOf(downloaded)).toBe('clean'), { timeout: 60_000, interval: 200 })
    const waiting = await world.addTicket()
    const stopping = new AbortController()
    const [requests, downloads, uploads, streams] = Array.from({ length: 4 }, (): Load => ({ done: 0, failures: [] })) as [
      Load,
      Load,
      Load,
      Load,
    ]
    const sent: string[] = []
    const load = [
      repeat(requests, 'request', stopping.signal, async () => expect((await get('/v1/me')).status).toBe(200)),
      repeat(downloads, 'download', stopping.signal, async () => {
        const response = await get(`/v1/attachments/${downloaded}/content`)
        expect(response.status).toBe(200)
        expect((await response.arrayBuffer()).byteLength).toBe(large.length)
      }),
      repeat(uploads, 'upload', stopping.signal, async () => {
        sent.push(await upload(Buffer.from(withCanary(`sent in the middle of it ${randomUUID()}`))))
        await sleep(400)
      }),
      // Ends in order when its process leaves, and comes back elsewhere.
      repeat(streams, 'event stream', stopping.signal, async () => {
        const response = await fetch(`${balancer.url}/v1/attachments/${waiting}/events`, {
          headers: { authorization: `Bearer ${token}` },
          signal: AbortSignal.any([stopping.signal]),
        }).catch((error: unknown) => {
          if (stopping.signal.aborted) return null
          throw error
        })
        if (response === null) return
        expect(response.status).toBe(200)
        await response.text().catch((error: unknown) => {
          if (!stopping.signal.aborted) throw error
        })
      }),
    ]

    for (const old of apis.slice()) {
      const url = await old.url
      apis.push(await startApi())
      await sleep(500)
      expect(await old.kill('SIGTERM')).toBe(0)
      balancer.remove(url)
      apis = apis.filter((api) => api !== old)
    }
    for (const old of workers.slice()) {
      expect(await old.kill('SIGTERM')).toBe(0)
      workers = workers.filter((worker) => worker !== old)
      workers.push(await startWorker())
    }
    stopping.abort()
    await Promise.all(load)

    expect([requests, downloads, uploads, streams].flatMap(({ failures }) => failures)).toEqual([])
    for (const { done } of [requests, downloads, uploads, streams]) expect(done).toBeGreaterThan(1)
    const ids = `'${sent.join(`','`)}'`
    await vi.waitFor(
      async () => {
        const { rows } = await world.database.superuser.query(`select distinct state, attempt from attachments where id in (${ids})`)
        expect(rows).toEqual([{ state: 'clean', attempt: 1 }])
      },
      { timeout: 90_000, interval: 500 },
    )
    // Exactly one effect each: one object for each row, and nothing beside them.
    const { rows } = await world.database.superuser.query<{ key: string }>(
      `select clean_key as key from attachments where clean_key is not null`,
    )
    expect((await world.buckets.listAll('clean')).map(({ key }) => key).toSorted()).toEqual(rows.map(({ key }) => key).toSorted())
  },
)
