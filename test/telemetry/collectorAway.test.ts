import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createStartNow } from '../../api/startNow.ts'
import { startWorkflow } from '../../clients/temporalClient.ts'
import { inSpan } from '../../telemetry/inSpan.ts'
import { openTracing } from '../../telemetry/openTracing.ts'
import { createAttachmentWorld, type AttachmentWorld } from '../support/attachmentWorld.ts'
import { createCaller } from '../support/callApi.ts'
import { withCanary } from '../support/canary.ts'
import { signIn } from '../support/signIn.ts'
import { startApi, type RunningApi } from '../support/startApi.ts'

/** A collector that takes every request and answers none. */
let collector: Server
/** Where it was asked, and where somebody lost patience with it. */
const asked: string[] = []
const givenUp: string[] = []
let endpoint: string
beforeAll(async () => {
  collector = createServer((request, response) => {
    const { url = '' } = request
    asked.push(url)
    request.resume()
    response.once('close', () => givenUp.push(url))
  }).listen(0, '127.0.0.1')
  await once(collector, 'listening')
  endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`
})
afterAll(() => {
  collector.closeAllConnections()
  collector.close()
})

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void
const heapBytes = (): number => {
  collectGarbage()
  return process.memoryUsage().heapUsed
}

const end = (): Promise<void> => Promise.resolve()
const addSpans = async (count: number): Promise<void> => {
  for (let at = 0; at < count; at += 1) await inSpan('s3 read', { attributes: { 'http.route': `/v1/some/route/of/the/api/${at}` } }, end)
}

describe('a collector of traces that hangs', () => {
  test('holds up no request and no scan', async () => {
    let world: AttachmentWorld | undefined
    let api: RunningApi | undefined
    try {
      world = await createAttachmentWorld({ tracing: { endpoint, ratio: 1 } })
      await world.startWorkers()
      const { app, client, districtKeys } = world.adapters
      api = await startApi(world.database, {
        districtKeys,
        taskQueues: world.config.taskQueues,
        startWorkflow: createStartNow({ app, log: pino({ enabled: false }), tryStart: (request) => startWorkflow(client, request, 5_000) }),
      })
      const teacher = createCaller(api.url, (await signIn(app, world.channel.districtId, world.channel.teacherId)).token)
      const sendOne = async (): Promise<void> => {
        const id = (await world?.addTicket()) ?? ''
        await world?.upload(id, Buffer.from(withCanary('nobody sees its trace')))
        expect((await teacher('POST', `/v1/attachments/${id}/complete`)).status).toBe(202)
        await vi.waitFor(async () => expect((await world?.row(id))?.state).toBe('clean'), { timeout: 30_000, interval: 100 })
      }
      await sendOne()
      await vi.waitFor(() => expect(asked).not.toEqual([]), { timeout: 30_000, interval: 100 })
      // By now an export hangs.
      await sendOne()
    } finally {
      await api?.close()
      await world?.close()
    }
  })

  test('is not waited for by a process that ends', async () => {
    const tracing = openTracing({ component: 'worker', endpoint: `${endpoint}/ending`, ratio: 1, batchMs: 10 })
    await inSpan('s3 read', {}, async () => undefined)
    await vi.waitFor(() => expect(asked).toContain('/ending/v1/traces'), { timeout: 30_000, interval: 10 })
    await tracing.close()
    // The exporter itself would have waited longer, until it hung up; the collector hears of that a moment later.
    await sleep(500)
    expect(givenUp).not.toContain('/ending/v1/traces')
  })

  test('costs the spans that find no place, and no memory', async () => {
    const tracing = openTracing({ component: 'worker', endpoint, ratio: 1, batchMs: 100 })
    await addSpans(10_000)
    const before = heapBytes()
    await addSpans(100_000)
    // Each is about a kilobyte.
    expect(heapBytes() - before).toBeLessThan(20 * 2 ** 20)
    await tracing.close()
  })
})
