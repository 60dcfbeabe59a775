import { randomBytes, randomUUID } from 'node:crypto'
import { WorkflowFailedError } from '@temporalio/client'
import type { Client } from '@temporalio/client'
import proto from '@temporalio/proto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectTemporal, startWorkflow } from '../../clients/temporalClient.ts'
import type { WorkflowRequest } from '../../clients/temporalClient.ts'
import { createDataConverter } from '../../clients/temporalDataConverter.ts'
import { echoTaskQueue, startEchoWorker } from './startEchoWorker.ts'
import { startTemporalServer } from '../support/temporalServer.ts'
import type { TemporalServer } from '../support/temporalServer.ts'

const ring = { current: 'k1', keys: new Map([['k1', randomBytes(32)]]) }
const dataConverter = createDataConverter(ring)
let server: TemporalServer
let client: Client
let worker: { stop(): Promise<void> }

beforeAll(async () => {
  server = await startTemporalServer()
  client = connectTemporal({ ...server, dataConverter })
  worker = await startEchoWorker(server, dataConverter)
})
afterAll(async () => {
  await worker?.stop()
  await client?.connection.close()
  await server?.stop()
})

const requestOf = (type: string, text: string): WorkflowRequest => ({
  type,
  workflowId: `${type}:${randomUUID()}`,
  taskQueue: echoTaskQueue,
  input: { text },
  districtId: randomUUID(),
  attachmentId: randomUUID(),
})

/** Everything the server keeps of a run, as one text. */
const storedOf = async (workflowId: string): Promise<string> => {
  const history = await client.workflow.getHandle(workflowId).fetchHistory()
  const { workflowExecutionInfo, executionConfig } = await client.connection.workflowService.describeWorkflowExecution({
    namespace: server.namespace,
    execution: { workflowId },
  })
  const bytes = [
    proto.temporal.api.history.v1.History.encode(history).finish(),
    proto.temporal.api.workflow.v1.WorkflowExecutionInfo.encode(workflowExecutionInfo ?? {}).finish(),
    proto.temporal.api.workflow.v1.WorkflowExecutionConfig.encode(executionConfig ?? {}).finish(),
  ]
  return Buffer.concat(bytes).toString('latin1')
}

describe('a run', () => {
  test('leaves none of its input, results, activity values or summary readable in its history', async () => {
    const canary = `canary${randomUUID()}`
    const request = requestOf('echoThrice', canary)
    await startWorkflow(client, request)
    expect(await client.workflow.getHandle(request.workflowId).result()).toBe(`result echo activity ${canary}`)
    const stored = await storedOf(request.workflowId)
    expect(stored).not.toContain(canary)
    expect(stored).not.toContain('echo thrice')
    // What stays readable is what is never encrypted: ids, types, queues.
    expect(stored).toContain(request.districtId)
    expect(stored).toContain('binary/encrypted')
  })

  test('that fails leaves neither message, details nor stack readable, and a client with the ring reads them', async () => {
    const canary = `canary${randomUUID()}`
    const request = requestOf('failWith', canary)
    await startWorkflow(client, request)
    const failure = await client.workflow
      .getHandle(request.workflowId)
      .result()
      .catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(WorkflowFailedError)
    expect((failure as WorkflowFailedError).cause).toMatchObject({
      message: `failure ${canary}`,
      type: 'AsAsked',
      details: [`details ${canary}`],
    })
    expect((failure as WorkflowFailedError).cause?.stack).toContain('echoWorkflows')
    const stored = await storedOf(request.workflowId)
    expect(stored).not.toContain(canary)
    expect(stored).not.toContain('echoWorkflows.ts')
  })

  test('is found by its district and its attachment', async () => {
    const request = requestOf('echoThrice', 'x')
    await startWorkflow(client, request)
    await client.workflow.getHandle(request.workflowId).result()
    const query = `DistrictId = '${request.districtId}' AND AttachmentId = '${request.attachmentId}'`
    await expect.poll(async () => (await client.workflow.count(query)).count).toBe(1)
  })
})

describe('starting', () => {
  test('the same run many times at once, and again after it has ended, is starting it once', async () => {
    const request = requestOf('echoThrice', 'once')
    await Promise.all(Array.from({ length: 10 }, () => startWorkflow(client, request, 5_000)))
    const handle = client.workflow.getHandle(request.workflowId)
    const { runId } = await handle.describe()
    await handle.result()
    await startWorkflow(client, request)
    expect((await handle.describe()).runId).toBe(runId)
  })

  test('again a run that failed does not run it again', async () => {
    const request = requestOf('failWith', 'x')
    await startWorkflow(client, request)
    const handle = client.workflow.getHandle(request.workflowId)
    await expect(handle.result()).rejects.toThrow(WorkflowFailedError)
    const { runId } = await handle.describe()
    await startWorkflow(client, request)
    expect((await handle.describe()).runId).toBe(runId)
  })

  test('rejects while Temporal is down, and works when it is there again, with the same client', async () => {
    const own = await startTemporalServer()
    const address = own.address
    await own.stop()
    const lazy = connectTemporal({ address, namespace: 'default', dataConverter })
    await expect(startWorkflow(lazy, requestOf('echoThrice', 'x'), 300)).rejects.toThrow()
    const again = await startTemporalServer({ address })
    try {
      await expect
        .poll(() => startWorkflow(lazy, requestOf('echoThrice', 'x'), 1_000).then(() => 'started'), { timeout: 30_000 })
        .toBe('started')
    } finally {
      await lazy.connection.close()
      await again.stop()
    }
  })

  test('plain text to a server that is not on this machine is refused', () => {
    const outside = { address: 'temporal.example.org:7233', namespace: 'default', dataConverter }
    expect(() => connectTemporal({ ...outside, tls: false })).toThrow('TLS')
    expect(connectTemporal(outside).connection).toBeDefined()
  })
})
