import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decideRemovalId, syncRosterId } from '../../workflows/contract.ts'
import { createAttachmentWorld, type AttachmentWorld } from '../support/attachmentWorld.ts'
import { present } from '../support/present.ts'
import { deadTemporal, readActs, typedBy } from '../support/readOncallActs.ts'
import { askOncall, runOncall } from '../support/runOncall.ts'

// No API, no relay and no worker runs in this world: runs are started and wait.
let world: AttachmentWorld
let districtId: string

beforeAll(async () => {
  world = await createAttachmentWorld()
  districtId = world.channel.districtId
})
afterAll(() => world?.close())

type Row = { state?: string; removals?: string | null; fault?: string | null; queuedAt?: string }

/** A sync as its run, or nobody, left it. */
const addSync = async ({ state = 'queued', removals = null, fault = null, queuedAt = 'now()' }: Row = {}): Promise<string> => {
  const id = newId()
  const isOver = state !== 'queued' && state !== 'running'
  await world.database.superuser.query(
    `insert into roster_syncs (district_id, id, origin, state, object_key, object_version_id, author_kind, author, queued_at, ended_at, fault_code, fault_file,
       removals, source_at)
     values ($1, $2, 'upload', $3, 'feeds/planted', 'v', 'client', 'planted-author', ${queuedAt}, ${isOver ? 'now()' : 'null'}, $4, $5, $6,
       '2031-01-01T00:00:00Z')`,
    [districtId, id, state, fault, fault === null ? null : 'planted.csv', removals],
  )
  return id
}

const rowOf = async (id: string) => {
  const { rows } = await world.database.superuser.query<{
    state: string
    attempt: number
    removals: string | null
    ended_at: Date | null
    fault_code: string | null
    source_at: Date
    decided_by: string | null
  }>('select state, attempt, removals, ended_at, fault_code, source_at, decided_by from roster_syncs where id = $1', [id])
  return present(rows[0])
}

const startRun = (type: string, workflowId: string): Promise<unknown> =>
  world.adapters.client.workflow.start(type, { workflowId, taskQueue: `nobody-${workflowId}`, args: [{ districtId }] })

/** Everything that these commands could change. */
const snapshot = async (): Promise<unknown[]> => {
  const rows: unknown[] = []
  for (const table of ['roster_syncs', 'roster_sync_counts', 'outbox', 'audit_entries'])
    rows.push((await world.database.superuser.query(`select * from ${table} t order by t::text`)).rows)
  return rows
}

const why = ['--apply', '--reason', 'the store is back']
const outboxOf = async (workflowId: string) =>
  (await world.database.superuser.query('select workflow_type, task_queue, input from outbox where workflow_id = $1', [workflowId])).rows

describe('roster list', () => {
  test('shows at every stage what concerns on-call, how long it waits and what its run does, and leaves out what ended well', async () => {
    const queued = await addSync({ queuedAt: `now() - interval '3 hours'` })
    const failed = await addSync({ state: 'failed', fault: 'DataKeyMissing' })
    const unreadable = await addSync({ state: 'unreadable', fault: 'bad-header' })
    const held = await addSync({ state: 'partly-applied', removals: 'waiting' })
    const well = await addSync({ state: 'applied' })
    await startRun('syncRoster', syncRosterId(queued, 1))

    const { code, document } = await askOncall(world, ['roster', 'list', '--district', districtId])
    expect(code).toBe(0)
    const { syncs } = document as { syncs: { stage: string; syncId: string; run: { status: string } | null }[] }
    const stages = new Map(syncs.map(({ syncId, stage }) => [syncId, stage]))
    expect([queued, failed, unreadable, held, well].map((id) => stages.get(id))).toEqual([
      'queued',
      'failed',
      'unreadable',
      'held',
      undefined,
    ])
    expect(syncs.find(({ syncId }) => syncId === queued)?.run).toMatchObject({ status: 'RUNNING' })
    expect(syncs.find(({ syncId }) => syncId === failed)?.run).toBeNull()

    const { stdout } = await runOncall(world, ['roster', 'list', '--stage', 'queued'])
    expect(stdout).toMatch(new RegExp(`^queued +${queued} +${districtId} .*running`, 'm'))
    expect(stdout).not.toContain(failed)
  })

  test('goes by the rows alone while Temporal is away, and says so', async () => {
    const failed = await addSync({ state: 'failed', fault: 'DataKeyMissing' })
    const { code, stdout } = await runOncall(world, ['roster', 'list', '--stage', 'failed'], deadTemporal)
    expect(code).toBe(0)
    expect(stdout).toContain('Temporal does not answer')
    expect(stdout).toContain(failed)
  })

  test('says that there are more, and shows the newest of what failed', async () => {
    await addSync({ state: 'unreadable', fault: 'bad-header' })
    const { document } = await askOncall(world, ['roster', 'list', '--stage', 'unreadable', '--limit', '1'])
    expect(document).toMatchObject({ isCut: true, syncs: [{ stage: 'unreadable' }] })
  })
})

describe('roster show', () => {
  test('shows row, counts, runs, outbox and acts of one sync, and neither who sent it nor any file or key', async () => {
    const id = await addSync({ state: 'failed', fault: 'DataKeyMissing' })
    await world.database.superuser.query(
      `insert into roster_sync_counts (district_id, sync_id, subject, lines, rejected) values ($1, $2, 'user', 12, 3)`,
      [districtId, id],
    )
    await startRun('syncRoster', syncRosterId(id, 1))
    await askOncall(world, ['roster', 'retry', id, ...why], deadTemporal)
    const { code, document } = await askOncall(world, ['roster', 'show', id])
    expect(code).toBe(0)
    expect(document).toMatchObject({
      sync: { syncId: id, state: 'queued', attempt: 2 },
      retryWould: 'start',
      counts: [{ subject: 'user', lines: 12, rejected: 3 }],
      runs: [{ workflowId: syncRosterId(id, 1), status: 'RUNNING' }],
      outbox: [{ workflowId: syncRosterId(id, 2), startedAt: null }],
      auditLog: [{ action: 'roster-sync.replay' }],
    })
    const { stdout } = await runOncall(world, ['roster', 'show', id])
    expect(stdout).toContain(syncRosterId(id, 2))
    expect(JSON.stringify(document) + stdout).not.toMatch(/planted/)
  })
})

describe('roster retry', () => {
  test('a dry run changes nothing and says what it would do', async () => {
    const id = await addSync({ state: 'failed', fault: 'DataKeyMissing' })
    const before = await snapshot()
    expect(await askOncall(world, ['roster', 'retry', id])).toMatchObject({ code: 0, document: { applied: false, decision: 'replay' } })
    expect(await snapshot()).toEqual(before)
  })

  test('queues one that failed under its next attempt, with its own place in time, asks for its run and writes down who did', async () => {
    const id = await addSync({ state: 'failed', fault: 'DataKeyMissing' })
    const done = await askOncall(world, ['roster', 'retry', id, ...why])
    expect(done).toMatchObject({ code: 0, document: { outcome: 'retried', workflowId: syncRosterId(id, 2), isStarted: true } })
    expect(await rowOf(id)).toMatchObject({
      state: 'queued',
      attempt: 2,
      ended_at: null,
      fault_code: null,
      source_at: new Date('2031-01-01T00:00:00Z'),
    })
    expect(await outboxOf(syncRosterId(id, 2))).toEqual([
      { workflow_type: 'syncRoster', task_queue: expect.any(String), input: { districtId, syncId: id, attempt: 2 } },
    ])
    expect((await world.adapters.client.workflow.getHandle(syncRosterId(id, 2)).describe()).type).toBe('syncRoster')
    expect((await readActs(world, 'roster-sync.replay')).at(-1)).toMatchObject({
      district_id: districtId,
      actor_kind: 'staff',
      target_kind: 'roster-sync',
      target: id,
      reason: 'the store is back',
      details: { ...typedBy, command: `roster retry ${id} --apply`, attempt: 2 },
    })
  })

  test('of one that failed works while Temporal is away: the relay starts it', async () => {
    const id = await addSync({ state: 'failed', fault: 'DataKeyMissing' })
    const done = await askOncall(world, ['roster', 'retry', id, ...why], deadTemporal)
    expect(done).toMatchObject({ code: 0, document: { outcome: 'retried', isStarted: false } })
    expect(await outboxOf(syncRosterId(id, 2))).toHaveLength(1)
  })

  test.each(['queued', 'running'])(
    'of one that is %s leaves it to its open run, and begins the next attempt when that was terminated',
    async (state) => {
      const id = await addSync({ state })
      await startRun('syncRoster', syncRosterId(id, 1))
      expect(await askOncall(world, ['roster', 'retry', id, ...why])).toMatchObject({
        code: 0,
        document: { decision: 'wake', outcome: 'woken' },
      })
      expect(await rowOf(id)).toMatchObject({ state, attempt: 1 })
      expect((await readActs(world, 'roster-sync.look-now')).at(-1)).toMatchObject({ target: id })

      await world.adapters.client.workflow.getHandle(syncRosterId(id, 1)).terminate('by hand')
      expect(await askOncall(world, ['roster', 'retry', id, ...why])).toMatchObject({ code: 0, document: { outcome: 'retried' } })
      expect(await rowOf(id)).toMatchObject({ state: 'queued', attempt: 2 })
    },
  )

  test('of one that is on its way while Temporal is away does nothing: silence is no end', async () => {
    const id = await addSync({ state: 'running' })
    const before = await snapshot()
    expect(await askOncall(world, ['roster', 'retry', id, ...why], deadTemporal)).toMatchObject({
      code: 1,
      document: { decision: 'wait', outcome: 'unknown' },
    })
    expect(await snapshot()).toEqual(before)
  })

  test.each(['applied', 'unchanged', 'partly-applied', 'unreadable', 'stale', 'expired', 'awaiting-upload'])(
    'of one that is %s is refused, and changes nothing',
    async (state) => {
      const id = await addSync({ state })
      const before = await snapshot()
      expect(await askOncall(world, ['roster', 'retry', id, ...why])).toMatchObject({ code: 1, document: { decision: 'leave' } })
      expect(await snapshot()).toEqual(before)
    },
  )
})

describe('roster discard', () => {
  test('says what is held, and changes nothing without --apply', async () => {
    const id = await addSync({ state: 'partly-applied', removals: 'waiting' })
    await world.database.superuser.query(
      `insert into roster_sync_counts (district_id, sync_id, subject, suspended) values ($1, $2, 'enrollment', 400)`,
      [districtId, id],
    )
    const before = await snapshot()
    expect(await askOncall(world, ['roster', 'discard', id])).toMatchObject({
      code: 0,
      document: { applied: false, outcome: 'waiting', held: [{ subject: 'enrollment', suspended: 400 }] },
    })
    expect(await snapshot()).toEqual(before)
  })

  test('asks for the discard once, wakes the run that waits for it and writes down who did', async () => {
    const id = await addSync({ state: 'partly-applied', removals: 'waiting' })
    await startRun('decideRemoval', decideRemovalId(id))
    expect(await askOncall(world, ['roster', 'discard', id, ...why])).toMatchObject({
      code: 0,
      document: { applied: true, outcome: 'discarding', isWoken: true },
    })
    expect(await rowOf(id)).toMatchObject({ state: 'partly-applied', removals: 'discarding', decided_by: null })
    expect((await readActs(world, 'roster-removal.discard')).at(-1)).toMatchObject({
      actor_kind: 'staff',
      target: id,
      reason: 'the store is back',
      details: { ...typedBy, command: `roster discard ${id} --apply` },
    })
    const before = await snapshot()
    expect(await askOncall(world, ['roster', 'discard', id, ...why])).toMatchObject({ code: 1, document: { outcome: 'moved-on' } })
    expect(await snapshot()).toEqual(before)
  })

  test('works while Temporal is away: the decision stands in the row', async () => {
    const id = await addSync({ state: 'partly-applied', removals: 'waiting' })
    expect(await askOncall(world, ['roster', 'discard', id, ...why], deadTemporal)).toMatchObject({
      code: 0,
      document: { outcome: 'discarding', isWoken: false },
    })
    expect(await rowOf(id)).toMatchObject({ removals: 'discarding' })
  })

  test.each(['approving', 'approved', 'discarded', null])(
    'comes too late for what is decided, and for a sync that holds nothing: %s',
    async (removals) => {
      const id = await addSync({ state: 'partly-applied', removals })
      expect(await askOncall(world, ['roster', 'discard', id, ...why])).toMatchObject({ code: 1, document: { outcome: 'moved-on' } })
      expect(await rowOf(id)).toMatchObject({ removals })
    },
  )
})

test.each(['show', 'retry', 'discard'])('roster %s knows no sync that does not exist, and no id that is none', async (verb) => {
  expect(await runOncall(world, ['roster', verb, newId()])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('no sync of that id'),
  })
  expect(await runOncall(world, ['roster', verb, 'x'])).toMatchObject({ code: 2 })
})

test.each(['retry', 'discard'])('roster %s changes nothing without a reason', async (verb) => {
  const id = await addSync({ state: 'failed', fault: 'DataKeyMissing' })
  expect(await runOncall(world, ['roster', verb, id, '--apply'])).toMatchObject({ code: 2, stderr: expect.stringContaining('--reason') })
  expect(await rowOf(id)).toMatchObject({ state: 'failed' })
})
