import { serve } from '@hono/node-server'
import type { Client } from '@temporalio/client'
import { execFile } from 'node:child_process'
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import proto from '@temporalio/proto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectTemporal, startWorkflow } from '../../clients/temporalClient.ts'
import { createDataConverter } from '../../clients/temporalDataConverter.ts'
import { createPayloadCodec } from '../../crypto/payloadCodec.ts'
import { createCodecServer } from '../../worker/codecServer.ts'
import type { CodecRecord } from '../../worker/codecServer.ts'
import { startTemporalServer } from '../support/temporalServer.ts'
import type { TemporalServer } from '../support/temporalServer.ts'
import { echoTaskQueue, startEchoWorker } from './startEchoWorker.ts'

const run = promisify(execFile)
const { EventType } = proto.temporal.api.enums.v1
const ring = { current: 'k1', keys: new Map([['k1', randomBytes(32)]]) }
const token = randomBytes(32).toString('base64url')
const records: CodecRecord[] = []
const codecServer = serve({
  fetch: createCodecServer({
    codec: createPayloadCodec(ring),
    engineers: [{ name: 'ada', tokenSha256: createHash('sha256').update(token).digest('hex') }],
    uiOrigins: [],
    // As the test's server names it.
    namespace: 'default',
    record: async (record) => void records.push(record),
  }).fetch,
  hostname: '127.0.0.1',
  port: 0,
})
let temporal: TemporalServer
let worker: { stop(): Promise<void> }
let client: Client

beforeAll(async () => {
  temporal = await startTemporalServer()
  const dataConverter = createDataConverter(ring)
  worker = await startEchoWorker(temporal, dataConverter)
  client = connectTemporal({ ...temporal, dataConverter })
  if (!codecServer.listening) await once(codecServer, 'listening')
})
afterAll(async () => {
  await worker?.stop()
  await client?.connection.close()
  await temporal?.stop()
  codecServer.close()
})

/** The real `temporal` command, as an engineer types it. */
const askTemporal = async (args: string[], auth?: string): Promise<string> => {
  const codec = ['--codec-endpoint', `http://127.0.0.1:${(codecServer.address() as AddressInfo).port}`]
  const options = ['--disable-config-file', '--address', temporal.address, '--namespace', temporal.namespace, '--output', 'json']
  const { stdout } = await run(temporal.binary, [...args, ...options, ...(auth === undefined ? [] : [...codec, '--codec-auth', auth])])
  return stdout
}

/** With what the command prints in base64 made readable. */
const reveal = (shown: string): string =>
  shown.replaceAll(/"data": *"([A-Za-z0-9+/=]+)"/g, (_, data: string) => Buffer.from(data, 'base64').toString())

const newRun = (text: string) => ({
  type: 'echoThrice',
  workflowId: `echoThrice:${randomUUID()}`,
  taskQueue: echoTaskQueue,
  input: { text },
  districtId: randomUUID(),
})

describe('the temporal command', () => {
  test('with an engineer’s token shows what a run was given and answered, and that is recorded', async () => {
    const [canary, request] = [`canary${randomUUID()}`, newRun('')]
    await startWorkflow(client, { ...request, input: { text: canary } })
    await client.workflow.getHandle(request.workflowId).result()
    records.length = 0
    const shown = await askTemporal(['workflow', 'show', '--workflow-id', request.workflowId], `Bearer ${token}`)
    expect(reveal(shown)).toContain(canary)
    expect(JSON.parse(await askTemporal(['workflow', 'result', '--workflow-id', request.workflowId], `Bearer ${token}`))).toMatchObject({
      status: 'COMPLETED',
      result: `result echo activity ${canary}`,
    })
    expect(records.length).toBeGreaterThan(0)
    expect(new Set(records.map(({ engineer, act }) => `${engineer} ${act}`))).toEqual(new Set(['ada decode']))
  })

  test('without the codec, or with a wrong token, shows none of it', async () => {
    const [canary, request] = [`canary${randomUUID()}`, newRun('')]
    await startWorkflow(client, { ...request, input: { text: canary } })
    await client.workflow.getHandle(request.workflowId).result()
    records.length = 0
    const show = ['workflow', 'show', '--workflow-id', request.workflowId]
    expect(reveal(await askTemporal(show))).not.toContain(canary)
    const refused = await askTemporal([...show, '--command-timeout', '2s'], 'Bearer nobody-knows-this-token').catch(
      (error: { stdout: string; stderr: string }) => error.stdout + error.stderr,
    )
    expect(reveal(refused)).not.toContain(canary)
    expect(records).toEqual([])
  })

  test('shows the message of a failed run to an engineer', async () => {
    const [canary, request] = [`canary${randomUUID()}`, newRun('')]
    await startWorkflow(client, { ...request, type: 'failWith', input: { text: canary } })
    await client.workflow
      .getHandle(request.workflowId)
      .result()
      .catch(() => undefined)
    const shown = await askTemporal(['workflow', 'show', '--workflow-id', request.workflowId], `Bearer ${token}`)
    expect(reveal(shown)).toContain(`failure ${canary}`)
  })

  test('starts a run whose input it encrypts through the codec', async () => {
    const [canary, workflowId] = [`canary${randomUUID()}`, `by-hand:${randomUUID()}`]
    const start = ['workflow', 'start', '--type', 'echoThrice', '--task-queue', echoTaskQueue, '--workflow-id', workflowId]
    await askTemporal([...start, '--input', JSON.stringify({ text: canary })], `Bearer ${token}`)
    expect(await client.workflow.getHandle(workflowId).result()).toBe(`result echo activity ${canary}`)
    expect(reveal(await askTemporal(['workflow', 'show', '--workflow-id', workflowId]))).not.toContain(canary)
  })
  test('cannot make a workflow act on an input that nobody of ours encrypted', async () => {
    const workflowId = `forged:${randomUUID()}`
    const start = ['workflow', 'start', '--type', 'echoThrice', '--task-queue', echoTaskQueue, '--workflow-id', workflowId]
    await askTemporal([...start, '--input', '{"text":"forged"}'])
    const handle = client.workflow.getHandle(workflowId)
    const eventTypes = async () => (await handle.fetchHistory()).events?.map(({ eventType }) => eventType) ?? []
    await expect.poll(eventTypes, { timeout: 20_000 }).toContain(EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED)
    expect(await eventTypes()).not.toContain(EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED)
    await handle.terminate()
  })
})
