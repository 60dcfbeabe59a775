import { randomUUID } from 'node:crypto'
import { ApplicationFailure } from '@temporalio/common'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import type { RunningWorkers } from '../../worker/runWorkers.ts'
import { scanAttachmentId } from '../../workflows/contract.ts'
import { createAttachmentWorld, testPace, type AttachmentWorld } from '../support/attachmentWorld.ts'
import { withCanary } from '../support/canary.ts'
import { present } from '../support/present.ts'
import { askOncall, runOncall } from '../support/runOncall.ts'
import { startFaultyWorkers } from '../support/startFaultyWorkers.ts'
import { startTcpGate, type TcpGate } from '../support/tcpGate.ts'

let world: AttachmentWorld
let gate: TcpGate
let faulty: RunningWorkers
/** Whose inspection fails for good, once. */
const broken = new Set<string>()
const inspectObject = async ({ attachmentId }: { attachmentId: string }): Promise<void> => {
  if (broken.delete(attachmentId)) throw ApplicationFailure.nonRetryable('planted', 'PlantedFault')
}

beforeAll(async () => {
  gate = await startTcpGate(inject('stack').clamd)
  // Whoever waits between two rounds waits for the whole file: only a signal brings it on.
  world = await createAttachmentWorld({
    clamd: { host: '127.0.0.1', port: gate.port },
    pace: { ...testPace, waitBetweenRoundsMs: 600_000 },
  })
  faulty = await startFaultyWorkers(world, { before: { inspectObject } })
})
afterAll(async () => {
  await faulty?.drain()
  await world?.close()
  await gate?.stop()
})

const handleOf = (attachmentId: string, attempt = 1) => world.adapters.client.workflow.getHandle(scanAttachmentId(attachmentId, attempt))
const harmless = (): Buffer => Buffer.from(withCanary(`harmless ${randomUUID()}`))

/** Sends a file while the scanner is away, and answers it when its run waits for the next round. */
const sendIntoOutage = async (): Promise<string> => {
  gate.set('closed')
  const id = await world.send(harmless(), 'text/plain')
  await vi.waitFor(async () => expect(await handleOf(id).query<{ round: number }>('getProgress')).toMatchObject({ round: 1 }), {
    timeout: 30_000,
    interval: 100,
  })
  return id
}

const sendBroken = async (): Promise<string> => {
  gate.set('open')
  const id = await world.addTicket()
  broken.add(id)
  await world.upload(id, harmless())
  await world.start(await world.complete(id))
  await handleOf(id)
    .result()
    .catch(() => undefined)
  expect(await world.row(id)).toMatchObject({ state: 'failed', attempt: 1 })
  return id
}

const why = ['--apply', '--reason', 'the scanner is back']
const actsOn = async (id: string) =>
  (
    await world.database.superuser.query<{
      actor_kind: string
      actor: string
      action: string
      reason: string | null
      details: Record<string, unknown>
      district_id: string
    }>(
      `select district_id, actor_kind, actor, action, reason, details from audit_entries where target = $1 and actor_kind = 'staff' order by id`,
      [id],
    )
  ).rows

describe('scans replay', () => {
  test('wakes a run that waits between rounds, and a dry run before changes nothing', async () => {
    const id = await sendIntoOutage()
    gate.set('open')
    const dry = await askOncall(world, ['scans', 'replay', id])
    expect(dry).toMatchObject({ code: 0, document: { applied: false, scans: [{ decision: 'wake' }] } })
    expect(await actsOn(id)).toEqual([])
    expect(await handleOf(id).query('getProgress')).toMatchObject({ round: 1 })

    const done = await askOncall(world, ['scans', 'replay', id, ...why], { SUDO_USER: 'ada' })
    expect(done).toMatchObject({ code: 0, document: { applied: true, scans: [{ decision: 'wake', outcome: 'woken' }] } })
    expect(await world.scanOutcome(id)).toEqual({ outcome: 'clean' })
    const [act, ...more] = await actsOn(id)
    expect(more).toEqual([])
    expect(act).toEqual({
      district_id: world.channel.districtId,
      actor_kind: 'staff',
      actor: expect.stringMatching(/^ada as /),
      action: 'attachment.retry-now',
      reason: 'the scanner is back',
      details: {
        account: expect.stringMatching(/./),
        sudoUser: 'ada',
        host: expect.stringMatching(/./),
        command: `scans replay ${id} --apply`,
        attempt: 1,
      },
    })
  })

  test.each([
    ['terminated', (id: string) => handleOf(id).terminate('by hand')],
    ['cancelled', (id: string) => handleOf(id).cancel()],
  ])('recovers a scan whose run was %s by hand: the row was left scanning, and the next attempt ends it', async (_, end) => {
    const id = await sendIntoOutage()
    await end(id)
    await handleOf(id)
      .result()
      .catch(() => undefined)
    expect(await world.row(id)).toMatchObject({ state: 'scanning', attempt: 1 })
    const lost = await askOncall(world, ['scans', 'list', '--stage', 'lost'])
    expect(lost.document).toMatchObject({ scans: [{ attachmentId: id, stage: 'lost' }] })

    gate.set('open')
    const done = await askOncall(world, ['scans', 'replay', id, ...why])
    expect(done).toMatchObject({
      code: 0,
      document: { scans: [{ decision: 'replay', outcome: 'replayed', isStarted: true, workflowId: scanAttachmentId(id, 2) }] },
    })
    expect(await world.scanOutcome(id, 2)).toEqual({ outcome: 'clean' })
    expect(await world.row(id)).toMatchObject({ state: 'clean', attempt: 2 })
    expect(await actsOn(id)).toEqual([
      expect.objectContaining({
        action: 'attachment.replay',
        reason: 'the scanner is back',
        details: expect.objectContaining({ attempt: 2 }),
      }),
    ])
  })

  test('recovers a scan whose run was reset by hand: the run that goes on under the same id is woken, and no second one begins', async () => {
    const id = await sendIntoOutage()
    const runId = await reset(id)
    await vi.waitFor(async () => expect(await handleOf(id).query('getProgress')).toMatchObject({ round: 1 }), {
      timeout: 30_000,
      interval: 100,
    })
    gate.set('open')
    const done = await askOncall(world, ['scans', 'replay', id, ...why])
    expect(done.document).toMatchObject({ scans: [{ decision: 'wake', outcome: 'woken' }] })
    expect(await world.scanOutcome(id)).toEqual({ outcome: 'clean' })
    expect(await world.row(id)).toMatchObject({ state: 'clean', attempt: 1 })
    expect((await handleOf(id).describe()).runId).toBe(runId)
  })

  test('recovers a scan whose run was reset and then terminated', async () => {
    const id = await sendIntoOutage()
    await reset(id)
    await handleOf(id).terminate('by hand')
    gate.set('open')
    expect((await askOncall(world, ['scans', 'replay', id, ...why])).document).toMatchObject({ scans: [{ outcome: 'replayed' }] })
    expect(await world.scanOutcome(id, 2)).toEqual({ outcome: 'clean' })
  })

  test('recovers a scan that failed and whose run was reset: the run of the old attempt can change nothing any more', async () => {
    const id = await sendBroken()
    await reset(id)
    expect((await askOncall(world, ['scans', 'replay', id, ...why])).document).toMatchObject({
      scans: [{ decision: 'replay', outcome: 'replayed' }],
    })
    expect(await world.scanOutcome(id, 2)).toEqual({ outcome: 'clean' })
    await handleOf(id)
      .result()
      .catch(() => undefined)
    expect(await world.row(id)).toMatchObject({ state: 'clean', attempt: 2 })
  })

  test('starts a scan that was asked for and never started', async () => {
    gate.set('open')
    const id = await world.addTicket()
    await world.upload(id, harmless())
    const { workflowId } = await world.complete(id)
    const listed = await askOncall(world, ['outbox', 'list'])
    expect(listed.document).toMatchObject({ waiting: expect.arrayContaining([expect.objectContaining({ workflowId })]) })
    expect((await askOncall(world, ['scans', 'replay', id])).document).toMatchObject({ scans: [{ decision: 'start' }] })
    expect((await askOncall(world, ['scans', 'replay', id, ...why])).document).toMatchObject({
      scans: [{ outcome: 'started', isStarted: true }],
    })
    expect(await world.scanOutcome(id)).toEqual({ outcome: 'clean' })
    expect(await actsOn(workflowId)).toEqual([expect.objectContaining({ action: 'outbox.retry' })])
  })

  test('of one that needs no scan any more is refused, and changes nothing', async () => {
    gate.set('open')
    const id = await world.send(harmless(), 'text/plain')
    await world.scanOutcome(id)
    expect(await askOncall(world, ['scans', 'replay', id, ...why])).toMatchObject({
      code: 1,
      document: { scans: [{ decision: 'leave', outcome: 'moved-on' }] },
    })
    expect(await actsOn(id)).toEqual([])
    expect((await world.row(id)).attempt).toBe(1)
  })
})

test('a row that moved on between looking and acting is left alone, and nothing is written down', async () => {
  const id = await sendBroken()
  const { superuser } = world.database
  await superuser.query('begin')
  await superuser.query('update attachments set attempt = attempt + 1 where id = $1', [id])
  const replaying = askOncall(world, ['scans', 'replay', id, ...why])
  // It has looked, and waits for whoever holds the row.
  await vi.waitFor(
    async () => {
      const { rowCount } = await superuser.query(
        `select 1 from pg_locks l join pg_stat_activity a using (pid) where not l.granted and a.usename = 'hallpass_oncall'`,
      )
      expect(rowCount).toBeGreaterThan(0)
    },
    { timeout: 1_900, interval: 20 },
  )
  await superuser.query('commit')
  expect(await replaying).toMatchObject({ code: 1, document: { scans: [{ decision: 'replay', outcome: 'moved-on' }] } })
  expect(await actsOn(id)).toEqual([])
  expect(await world.row(id)).toMatchObject({ state: 'failed', attempt: 2 })
  await superuser.query(`update attachments set state = 'expired' where id = $1`, [id])
})

describe('scans replay --all', () => {
  test('brings on as many as it may, says what is left, and each leaves a row', async () => {
    const ids = [await sendBroken(), await sendBroken(), await sendBroken()]
    const all = ['scans', 'replay', '--all', '--since', '2h', '--stage', 'failed', '--per-second', '50', '--limit', '2']
    const before = await snapshot()
    const dry = await askOncall(world, all)
    expect(dry).toMatchObject({ code: 0, document: { applied: false, counts: { replay: 2 }, left: 1 } })
    expect(await snapshot()).toEqual(before)

    const done = await askOncall(world, [...all, ...why])
    expect(done).toMatchObject({ code: 0, document: { applied: true, counts: { replayed: 2 }, left: 1 } })
    const rest = await askOncall(world, [...all, ...why])
    expect(rest).toMatchObject({ code: 0, document: { counts: { replayed: 1 }, left: 0 } })
    for (const id of ids) {
      expect(await world.scanOutcome(id, 2)).toEqual({ outcome: 'clean' })
      expect(await actsOn(id)).toEqual([expect.objectContaining({ action: 'attachment.replay', district_id: world.channel.districtId })])
    }
  })

  test('goes on after one that it cannot bring on, sums up and ends with 1', async () => {
    const ids = [await sendBroken(), await sendBroken()]
    // The older one's row is held by somebody else for longer than a statement may last.
    await world.database.superuser.query('begin')
    await world.database.superuser.query('select 1 from attachments where id = $1 for update', [ids[0]])
    try {
      const done = await askOncall(world, ['scans', 'replay', '--all', '--since', '1h', '--per-second', '50', ...why])
      expect(done).toMatchObject({ code: 1, document: { counts: { failed: 1, replayed: 1 } } })
    } finally {
      await world.database.superuser.query('rollback')
    }
    expect((await askOncall(world, ['scans', 'replay', present(ids[0]), ...why])).code).toBe(0)
    for (const id of ids) expect(await world.scanOutcome(id, 2)).toEqual({ outcome: 'clean' })
  })
})

describe('scans list', () => {
  test('shows what a run waits for, its last failure by its kind, and where to look at it', async () => {
    gate.set('held')
    const id = await world.send(harmless(), 'text/plain')
    await gate.waiting()
    try {
      const { code, document } = await askOncall(world, ['scans', 'list', '--district', world.channel.districtId])
      expect(code).toBe(0)
      const scan = (document as { scans: { attachmentId: string; run?: { link: string } }[] }).scans.find(
        ({ attachmentId }) => attachmentId === id,
      )
      expect(scan).toMatchObject({ stage: 'scanning', run: { status: 'RUNNING', pending: [{ activity: 'inspectObject' }] } })
      expect(scan?.run?.link).toContain(encodeURIComponent(scanAttachmentId(id, 1)))
      const { stdout } = await runOncall(world, ['scans', 'list'])
      expect(stdout).toMatch(new RegExp(`^scanning +${id} .* running +inspectObject \\(try 1\\)`, 'm'))
    } finally {
      gate.set('open')
    }
    await world.scanOutcome(id)
  })
})

/** Everything that a replay could change. */
const snapshot = async (): Promise<unknown[]> => {
  const tables = ['attachments', 'outbox', 'audit_entries']
  const rows: unknown[] = []
  for (const table of tables) rows.push((await world.database.superuser.query(`select * from ${table} order by id`)).rows)
  return rows
}

/** What the UI's "Reset" does: back to the first workflow task, as a new run under the same id. */
const reset = async (id: string): Promise<string> => {
  const { client } = world.adapters
  const { runId } = await handleOf(id).describe()
  const answer = await client.workflowService.resetWorkflowExecution({
    namespace: client.options.namespace,
    workflowExecution: { workflowId: scanAttachmentId(id, 1), runId },
    reason: 'by hand',
    workflowTaskFinishEventId: 4 as never,
    requestId: randomUUID(),
  })
  return present(answer.runId)
}
