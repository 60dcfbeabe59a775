import { randomUUID } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js'
import { Worker } from '@temporalio/worker'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { readArchivedHistory } from '../../clients/archive/readArchivedHistory.ts'
import { createObjectBucket } from '../../clients/s3/createObjectBucket.ts'
import { createS3Client } from '../../clients/s3/createS3Client.ts'
import { makeEicar } from '../../demo/corpus/eicar.ts'
import { scanAttachmentId, type ArchiveOutcome } from '../../workflows/contract.ts'
import { createAttachmentWorld, type AttachmentWorld } from '../support/attachmentWorld.ts'
import { bundleWorkflows } from '../support/bundleWorkflows.ts'
import { withCanary } from '../support/canary.ts'

const { endpoint, region, oncall } = inject('stack').s3
const s3 = createS3Client({ endpoint, region, credentials: oncall })

let world: AttachmentWorld
beforeAll(async () => {
  world = await createAttachmentWorld({ archiveWindows: { settleMs: 0, overlapMs: 60_000, retentionMs: 3_600_000 } })
  await world.startWorkers()
})
afterAll(async () => {
  await world?.close()
  s3.destroy()
})

const archive = async (): Promise<ArchiveOutcome> =>
  world.adapters.client.workflow.execute('archiveHistories', {
    workflowId: `archive-${randomUUID()}`,
    taskQueue: world.config.taskQueues.maintenance,
  })
const reader = () => ({ archive: createObjectBucket(s3, world.buckets.names.archive), keys: world.adapters.keys })
const handleOf = (workflowId: string) => world.adapters.client.workflow.getHandle(workflowId)

/** A scan that has ended, and that the server lists as ended. */
const scanOne = async (content: Buffer): Promise<string> => {
  const workflowId = scanAttachmentId(await world.send(content, 'text/plain'), 1)
  await handleOf(workflowId).result()
  await vi.waitFor(
    async () => {
      const { count } = await world.adapters.client.workflow.count(`WorkflowId = '${workflowId}' AND ExecutionStatus = 'Completed'`)
      expect(count).toBe(1)
    },
    { timeout: 20_000, interval: 100 },
  )
  return workflowId
}

/** What retention does in the end: the server forgets the run. */
const forget = async (workflowId: string): Promise<void> => {
  const { client, connection } = world.adapters
  await connection.workflowService.deleteWorkflowExecution({ namespace: client.options.namespace, workflowExecution: { workflowId } })
  await vi.waitFor(
    async () =>
      expect(
        await handleOf(workflowId)
          .describe()
          .catch(() => null),
      ).toBeNull(),
    { timeout: 20_000, interval: 100 },
  )
}

describe('the archive of closed histories', () => {
  test('gives a history back that the server has forgotten: the same events, and it replays', async () => {
    const workflowId = await scanOne(makeEicar())
    const kept = JSON.parse(historyToJSON(await handleOf(workflowId).fetchHistory())) as { events: unknown[] }
    expect((await archive()).archived).toBeGreaterThan(0)
    await forget(workflowId)

    const found = await readArchivedHistory(reader(), { workflowId })
    expect(found?.history).toEqual(kept)
    const { dataConverter } = world.adapters
    const workflowBundle = await bundleWorkflows(dataConverter)
    await Worker.runReplayHistory({ workflowBundle, dataConverter }, found?.history, workflowId)
  })

  test('holds no payload in plain, neither in the object nor in what is read back', async () => {
    const workflowId = await scanOne(Buffer.from(withCanary('archived')))
    await archive()
    const found = await readArchivedHistory(reader(), { workflowId })
    const encodings = findEncodings(found)
    expect(encodings.length).toBeGreaterThan(10)
    expect(new Set(encodings)).toEqual(new Set(['binary/encrypted']))
    const [object] = (await world.buckets.listAll('archive')).filter(({ key }) => key.startsWith(workflowId))
    const bytes = await buffer(await world.buckets.seen.archive.read(object?.key ?? ''))
    expect(bytes.includes('eventType')).toBe(false)
  })
})

/** How each payload is encoded, but for search attributes, which are ids and enums, and what the SDK itself notes of a local activity: its name and times. */
const findEncodings = (json: unknown): string[] => {
  if (json === null || typeof json !== 'object') return []
  const { metadata, ...rest } = json as Record<string, unknown>
  const encoding = metadata !== null && typeof metadata === 'object' && 'encoding' in metadata ? [String(metadata.encoding)] : []
  return [
    ...encoding.map((text) => Buffer.from(text, 'base64').toString()),
    ...Object.entries(rest).flatMap(([name, part]) =>
      name === 'searchAttributes' || (name === 'data' && isMarkerOfSdk(json)) ? [] : findEncodings(part),
    ),
  ]
}

const isMarkerOfSdk = (json: object): boolean => 'result' in json && 'data' in json
