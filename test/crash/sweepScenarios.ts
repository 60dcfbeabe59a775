import { randomBytes } from 'node:crypto'
import { CreateMultipartUploadCommand } from '@aws-sdk/client-s3'
import { v7 as newId } from 'uuid'
import { expect, inject, vi } from 'vitest'
import { createS3Client } from '../../clients/s3/createS3Client.ts'
import { withDistrict } from '../../db/openDatabase.ts'
import { addObjectKey } from '../../db/queries/addObjectKey.ts'
import { scanAttachmentId } from '../../workflows/contract.ts'
import { makeHarmless, makeMalware } from './freshFiles.ts'
import type { Scenario, Stage } from './scenario.ts'

const completed = { 'attachment.complete': 1 }

const sweepOnce = ({ world }: Stage, workflow: string): Promise<unknown> =>
  world.adapters.client.workflow.execute(workflow, {
    workflowId: `${workflow}-${randomBytes(6).toString('hex')}`,
    taskQueue: world.config.taskQueues.maintenance,
  })

/** A sweep that fails is followed by the next one of its schedule. */
const sweep = (stage: Stage, workflow: string): Promise<unknown> => sweepOnce(stage, workflow).catch(() => sweepOnce(stage, workflow))

const strayKey = ({ world }: Stage): string => `${world.channel.districtId}.${randomBytes(16).toString('hex')}`

const scanOnceRelayed = async (stage: Stage, id: string, attempt = 1): Promise<void> => {
  await stage.relay()
  await stage.world.scanOutcome(id, attempt)
}

/** Objects that no row knows, one of each kind, and their keys. */
const leaveStrays = async (stage: Stage): Promise<void> => {
  const { world } = stage
  for (const role of ['clean', 'quarantine'] as const) {
    const objectKey = strayKey(stage)
    await world.buckets.put(role, objectKey, Buffer.from('stray'))
    await withDistrict(world.adapters.app, world.channel.districtId, (tx) =>
      addObjectKey(tx, { objectKey, keyName: 'safety', wrapped: Buffer.alloc(60) }),
    )
    await world.buckets.put(role, `foreign-${randomBytes(4).toString('hex')}`, Buffer.from('stray'))
  }
}

const leaveHalfDone = async (stage: Stage): Promise<void> => {
  const { endpoint, region, scanner } = inject('stack').s3
  const s3 = createS3Client({ endpoint, region, credentials: scanner })
  for (const role of ['clean', 'quarantine'] as const) {
    await s3.send(new CreateMultipartUploadCommand({ Bucket: stage.world.buckets.names[role], Key: strayKey(stage) }))
  }
  s3.destroy()
}

/** What the database need not remember: a key without an object, a start of long ago, an idempotency key of long ago. */
const leaveStale = async (stage: Stage): Promise<void> => {
  const { adapters, channel, database } = stage.world
  const { districtId, teacherId } = channel
  await withDistrict(adapters.app, districtId, (tx) =>
    addObjectKey(tx, { objectKey: strayKey(stage), keyName: 'safety', wrapped: Buffer.alloc(60) }),
  )
  await database.superuser.query(
    `insert into outbox (district_id, id, workflow_type, workflow_id, task_queue, input, created_at, started_at)
     values ($1, $2, 'w', 'long ago', 'q', '{}', now() - interval '200 days', now() - interval '91 days')`,
    [districtId, newId()],
  )
  await database.superuser.query(
    `insert into idempotency_keys (district_id, user_id, key, route, fingerprint, status, created_at)
     values ($1, $2, $3, 'r', '\\x00', 'done', now() - interval '8 days')`,
    [districtId, teacherId, newId()],
  )
}

/** Beside an attachment that everything of this must leave alone. */
const sweepOf = (name: string, workflow: string, leave: (stage: Stage) => Promise<void>): Scenario => ({
  name,
  ending: { state: 'clean', kept: 'clean', audit: completed },
  walk: async (stage) => {
    const id = await stage.world.send(makeHarmless(), 'text/plain')
    await stage.world.scanOutcome(id)
    await leave(stage)
    await stage.arm(id)
    await sweep(stage, workflow)
    return id
  },
})

/** Temporal lists a run a moment after its end. */
const untilListed = ({ world }: Stage, workflowId: string): Promise<void> =>
  vi.waitFor(
    async () => {
      const { count } = await world.adapters.client.workflow.count(`WorkflowId = '${workflowId}' and ExecutionStatus = 'Completed'`)
      expect(count).toBe(1)
    },
    { timeout: 20_000, interval: 100 },
  )

const archived = async ({ world }: Stage, id: string): Promise<number> =>
  (await world.buckets.listAll('archive')).filter(({ key }) => key.includes(id)).length

const inTheirWorld: readonly Scenario[] = [
  {
    name: 'an upload that nobody completed',
    ending: { state: 'clean', kept: 'clean', audit: completed },
    walk: async (stage) => {
      const id = await stage.world.addTicket()
      await stage.world.upload(id, makeHarmless())
      await stage.arm(id)
      await sweep(stage, 'sweepAttachments')
      await scanOnceRelayed(stage, id)
      return id
    },
  },
  {
    name: 'an upload that nobody completed, of a ticket that is over',
    ending: { state: 'clean', kept: 'clean', audit: completed },
    walk: async (stage) => {
      const id = await stage.world.addTicket({ ticketSeconds: 0 })
      await stage.world.upload(id, makeHarmless())
      await stage.arm(id)
      await sweep(stage, 'sweepAttachments')
      await scanOnceRelayed(stage, id)
      return id
    },
  },
  {
    name: 'a ticket that nobody used',
    ending: { state: 'expired' },
    walk: async (stage) => {
      const id = await stage.world.addTicket({ ticketSeconds: 0 })
      await stage.arm(id)
      await sweep(stage, 'sweepAttachments')
      return id
    },
  },
  {
    name: 'a scan that lost its run',
    ending: { state: 'clean', attempt: 2, kept: 'clean', audit: { ...completed, 'attachment.replay': 1 } },
    walk: async (stage) => {
      const { world } = stage
      const id = await world.addTicket()
      await world.upload(id, makeHarmless())
      const start = await world.complete(id)
      await world.database.superuser.query('update outbox set started_at = now() where workflow_id = $1', [start.workflowId])
      await stage.arm(id)
      await sweep(stage, 'sweepAttachments')
      await scanOnceRelayed(stage, id, 2)
      return id
    },
  },
  sweepOf('uploads that no row knows', 'sweepAttachments', async (stage) => {
    for (const key of [strayKey(stage), 'foreign']) await stage.world.buckets.put('incoming', key, Buffer.from('stray'))
  }),
  sweepOf('objects that no row knows', 'sweepStoredObjects', leaveStrays),
  sweepOf('uploads that a worker left half done', 'sweepStoredObjects', leaveHalfDone),
  sweepOf('rows that nobody needs any more', 'sweepStoredObjects', leaveStale),
  {
    name: 'the history of a scan that is archived',
    ending: { state: 'clean', kept: 'clean', audit: completed },
    walk: async (stage) => {
      const id = await stage.world.send(makeHarmless(), 'text/plain')
      await stage.world.scanOutcome(id)
      await untilListed(stage, scanAttachmentId(id, 1))
      // What other walks left is done with first, and this one's too: so that there is one thing to do.
      await sweep(stage, 'archiveHistories')
      for (const { key } of await stage.world.buckets.listAll('archive'))
        if (key.includes(id)) await stage.world.buckets.seen.archive.deleteAllVersions(key)
      await stage.arm(id)
      await sweep(stage, 'archiveHistories')
      expect(await archived(stage, id)).toBe(1)
      return id
    },
  },
  {
    name: 'the purge of malware',
    ending: {
      state: 'quarantined',
      isAlerted: true,
      isToldToUploader: true,
      audit: { ...completed, 'quarantine.purge': 1 },
    },
    walk: async (stage) => {
      const id = await stage.world.send(makeMalware(), 'text/plain')
      await stage.world.scanOutcome(id)
      await stage.arm(id)
      await sweep(stage, 'purgeQuarantine')
      return id
    },
  },
]

/** A sweep looks at everything that there is. */
export const sweepScenarios: readonly Scenario[] = inTheirWorld.map((scenario) => ({ ...scenario, isAlone: true }))
