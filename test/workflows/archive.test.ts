import { randomUUID } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js'
import { WorkflowNotFoundError } from '@temporalio/client'
import { Worker } from '@temporalio/worker'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { readArchivedHistory } from '../../clients/archive/readArchivedHistory.ts'
import { createObjectBucket } from '../../clients/s3/createObjectBucket.ts'
import { createS3Client } from '../../clients/s3/createS3Client.ts'
import { archiveSuccess } from '../../domain/archiveSuccess.ts'
import type { ObjectBucket } from '../../domain/ports.ts'
import { makeEicar } from '../../demo/corpus/eicar.ts'
import { scanAttachmentId, type ArchiveOutcome } from '../../workflows/contract.ts'
import { createAttachmentWorld, type AttachmentWorld } from '../support/attachmentWorld.ts'
import { withCanary } from '../support/canary.ts'
import { present } from '../support/present.ts'
import { readWorkflowBundle } from '../support/readWorkflowBundle.ts'

const { endpoint, region, oncall } = inject('stack').s3
const s3 = createS3Client({ endpoint, region, credentials: oncall })

let world: AttachmentWorld
/** Workflow ids whose histories the store does not take. */
const refused: string[] = []
/** A run that the server is asked to forget, and its history before that. */
let forgotten: { workflowId: string; history: unknown }
beforeAll(async () => {
  world = await createAttachmentWorld({ archiveWindows: { settleMs: 0, overlapMs: 0, retentionMs: 3_600_000 } })
  const { archive: healthy } = world.adapters
  const write: ObjectBucket['write'] = (key, ...rest) =>
    refused.some((workflowId) => key.startsWith(workflowId)) ? Promise.reject(new Error('the store is away')) : healthy.write(key, ...rest)
  Object.assign(world.adapters, { archive: { ...healthy, write } })
  await world.startWorkers()
  const workflowId = await scanOne(makeEicar())
  forgotten = { workflowId, history: JSON.parse(historyToJSON(await handleOf(workflowId).fetchHistory())) }
  await archive()
  await askToForget(workflowId)
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

/** What retention does in the end: the server forgets the run. It takes its time, so it is asked early and waited for late. */
const askToForget = async (workflowId: string): Promise<void> => {
  const { client, connection } = world.adapters
  await connection.workflowService.deleteWorkflowExecution({ namespace: client.options.namespace, workflowExecution: { workflowId } })
}
const isForgotten = async (workflowId: string): Promise<boolean> => {
  try {
    await handleOf(workflowId).describe()
    return false
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return true
    throw error
  }
}

describe('the archive of closed histories', () => {
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

  test('keeps each history once, however often it is archived, and reads what was written first, whatever is written over it', async () => {
    const workflowId = await scanOne(makeEicar())
    await archive()
    const first = await readArchivedHistory(reader(), { workflowId })
    const lying = async () => (await world.buckets.listAll('archive')).filter(({ key }) => key.startsWith(`${workflowId}/`))
    expect((await archive()).known).toBeGreaterThan(0)
    const objects = await lying()
    expect(objects).toHaveLength(1)
    await world.buckets.put('archive', present(objects[0]).key, Buffer.from('another past'))
    expect(await lying()).toHaveLength(2)
    expect(await readArchivedHistory(reader(), { workflowId })).toEqual(first)
    expect(await readArchivedHistory(reader(), { workflowId, runId: randomUUID() })).toBeNull()
  })
})

describe('the schedule of the archive', () => {
  test('goes on where it ended; a history that cannot be archived holds up no other, counts as behind, and is archived next time', async () => {
    const { client } = world.adapters
    const scheduleId = `archive-${randomUUID()}`
    const action = {
      type: 'startWorkflow',
      workflowType: 'archiveHistories',
      taskQueue: world.config.taskQueues.maintenance,
      args: [],
    } as const
    const schedule = await client.schedule.create({ scheduleId, spec: {}, action, state: { paused: true } })
    let seen = 0
    const runOnce = async (): Promise<ArchiveOutcome> => {
      await schedule.trigger()
      seen += 1
      const latest = await vi.waitFor(
        async () => {
          const { recentActions } = (await schedule.describe()).info
          expect(recentActions).toHaveLength(seen)
          return present(recentActions.at(-1)).action.workflow
        },
        { timeout: 20_000, interval: 100 },
      )
      const outcome = (await client.workflow.getHandle(latest.workflowId).result()) as ArchiveOutcome
      // The schedule hands on the result of a run that it has seen to end.
      await vi.waitFor(async () => expect((await schedule.describe()).info.runningActions).toEqual([]), { timeout: 20_000, interval: 100 })
      return outcome
    }

    const before = await runOnce()
    expect([before.pending, await hadEverything()]).toEqual([[], true])
    await world.database.superuser.query('delete from last_successes')
    const [bad, good] = [await scanOne(makeEicar()), await scanOne(makeEicar())]
    refused.push(bad)
    const behind = await runOnce()
    expect(behind.pending.map(({ workflowId }) => workflowId)).toEqual([bad])
    expect([await readArchivedHistory(reader(), { workflowId: bad }), await hadEverything()]).toEqual([null, false])
    expect(await readArchivedHistory(reader(), { workflowId: good })).not.toBeNull()

    refused.length = 0
    const after = await runOnce()
    expect(after.through).toBeGreaterThan(before.through)
    expect([after.pending, await hadEverything()]).toEqual([[], true])
    expect(await readArchivedHistory(reader(), { workflowId: bad })).not.toBeNull()
    await schedule.delete()
  })
})

describe('a run that the server has forgotten', () => {
  test('is read back from the archive: the same events, and they replay', { timeout: 90_000 }, async () => {
    const { workflowId, history } = forgotten
    await vi.waitFor(async () => expect(await isForgotten(workflowId)).toBe(true), { timeout: 80_000, interval: 250 })
    const found = await readArchivedHistory(reader(), { workflowId })
    expect(found?.history).toEqual(history)
    const { dataConverter } = world.adapters
    const workflowBundle = await readWorkflowBundle()
    await Worker.runReplayHistory({ workflowBundle, dataConverter }, found?.history, workflowId)
  })
})

const hadEverything = async (): Promise<boolean> =>
  ((await world.database.superuser.query('select 1 from last_successes where name = $1 and succeeded_at is not null', [archiveSuccess]))
    .rowCount ?? 0) > 0

/** How each payload is encoded, but for search attributes, which are ids and enums, the header, which names the trace, and what the SDK itself notes of a local activity: its name and times. */
const findEncodings = (json: unknown): string[] => {
  if (json === null || typeof json !== 'object') return []
  const { metadata, ...rest } = json as Record<string, unknown>
  const encoding = metadata !== null && typeof metadata === 'object' && 'encoding' in metadata ? [String(metadata.encoding)] : []
  return [
    ...encoding.map((text) => Buffer.from(text, 'base64').toString()),
    ...Object.entries(rest).flatMap(([name, part]) =>
      name === 'searchAttributes' || name === 'header' || (name === 'data' && isMarkerOfSdk(json)) ? [] : findEncodings(part),
    ),
  ]
}

const isMarkerOfSdk = (json: object): boolean => 'result' in json && 'data' in json
