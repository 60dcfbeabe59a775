import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { toRescanPause } from '../../domain/toRescanPause.ts'
import { withCanary } from '../support/canary.ts'
import { createRescanWorld, type RescanWorld } from '../support/rescanWorld.ts'
import { alertsAbout } from '../support/sinks.ts'

let its: RescanWorld
beforeAll(async () => {
  // One slot for live scans in all: whatever else took it would be seen.
  its = await createRescanWorld({ concurrentScans: 1 })
})
afterAll(() => its?.close())
beforeEach(() => its.forgetEarlier())

const text = (name: string): string => withCanary(`${name} ${newId()}`)

/** The files whose own runs a round started, in that order, and the rests between them in milliseconds. */
const readRound = async (workflowId: string) => {
  const { events } = await its.world.adapters.client.workflow.getHandle(workflowId).fetchHistory()
  const started = (events ?? []).flatMap(({ startChildWorkflowExecutionInitiatedEventAttributes: started }) =>
    started?.workflowId ? [started.workflowId.split(':')[1]] : [],
  )
  const rests = (events ?? []).flatMap(({ timerStartedEventAttributes: timer }) =>
    timer ? [Number(timer.startToFireTimeout?.seconds ?? 0) * 1_000 + (timer.startToFireTimeout?.nanos ?? 0) / 1e6] : [],
  )
  return { started, rests }
}

describe('a database that is newer', () => {
  test('looks again at every clean file, newest first, each once and at the pace of its budget', async () => {
    const contents = ['first', 'second, which is longer', 'third'].map((name) => text(name).repeat(20_000))
    const ids: string[] = []
    for (const content of contents) ids.push(await its.sendClean(content))
    const now = its.newVersion()
    const handle = await its.startRound()
    expect(await handle.result()).toMatchObject({ outcome: 'seen-all', databaseVersion: now, counts: { passed: 3, failed: 0 } })
    const { started, rests } = await readRound(handle.workflowId)
    expect(started).toEqual(ids.toReversed())
    const bytes = contents.map((content) => Buffer.byteLength(content)).toReversed()
    expect(rests).toEqual(bytes.map((count) => toRescanPause(count, its.world.config.rescan.bytesPerSecond)))
    for (const id of ids)
      expect(await its.row(id)).toMatchObject({ state: 'clean', database_version: now, rescan_version: now, rescan_outcome: 'passed' })
    expect((await its.round()).counts).toMatchObject({ passed: 0 })
  })

  test('leaves a file that was looked at within a day to a later round', async () => {
    const id = await its.sendClean(text('daily'))
    its.newVersion()
    await its.round()
    const second = its.newVersion()
    expect((await its.round()).counts.passed).toBe(0)
    await its.letTimePass()
    await its.round()
    expect(await its.row(id)).toMatchObject({ database_version: second })
  })

  test('that looks at less than before leaves the file on its earlier verdict, says so once, and the next one tries again', async () => {
    const marker = `over-the-limit-${newId()}`
    const before = String((await its.row(await its.sendClean(text('other'))))['database_version'])
    const id = await its.sendClean(`${text('large')} ${marker}`)
    await its.post(id)
    await its.clamd.learn('Heuristics.Limits.Learned', marker)
    const now = its.newVersion()
    expect(await its.round()).toMatchObject({ outcome: 'seen-all', counts: { 'not-inspected': 1, passed: 1, withdrawn: 0 } })
    const kept = { state: 'clean', database_version: before, rescan_outcome: 'not-inspected', withdrawn_by: null }
    expect(await its.row(id)).toMatchObject({ ...kept, rescan_version: now })
    expect(await its.download(id)).not.toBeNull()

    const told = await alertsAbout(`rescan-not-inspected:${now}`)
    expect(told.map(({ event_action }) => event_action)).toEqual(['trigger'])
    expect(told[0]?.payload?.custom_details).toMatchObject({ databaseVersion: now, notInspected: 1, passed: 1 })
    expect(JSON.stringify(told)).not.toContain(id)

    // Nothing of it is news while the database is the same.
    expect((await its.round()).counts).toMatchObject({ 'not-inspected': 0 })
    await its.letTimePass()
    const next = its.newVersion()
    expect((await its.round()).counts).toMatchObject({ 'not-inspected': 1 })
    expect(await its.row(id)).toMatchObject({ ...kept, rescan_version: next })
  })

  test('than the engine that was asked has: what that one finds counts, and what it does not find says nothing', async () => {
    const marker = `found-by-the-old-one-${newId()}`
    const [harmless, infected] = [await its.sendClean(text('behind')), await its.sendClean(`${text('behind')} ${marker}`)]
    const before = await its.row(harmless)
    const ahead = '99999'
    expect(await (await its.startLook(harmless, ahead)).result()).toEqual({ outcome: 'postponed', bytes: expect.any(Number) })
    expect(await its.row(harmless)).toEqual(before)
    await its.clamd.learn('Hallpass.Test.Behind', marker)
    expect(await (await its.startLook(infected, ahead)).result()).toMatchObject({ outcome: 'withdrawn' })
  })
})

describe('live scans', () => {
  test('that wait are given way to, and the round goes on when they do not', async () => {
    const id = await its.sendClean(text('waits'))
    its.newVersion()
    const { rescan } = its.world.config
    const { superuser } = its.world.database
    await superuser.query(
      `insert into attachments (district_id, id, channel_id, uploader_id, state, file_name, content_type, bytes, incoming_key, ticket_expires_at, upload_completed_at)
       select district_id, gen_random_uuid(), channel_id, uploader_id, 'scanning', '\\x00', content_type, 1, 'backlog-' || n, now(), now() - interval '1 minute'
       from attachments, generate_series(0, $2::int) n where id = $1`,
      [id, rescan.backlogMax],
    )
    Object.assign(rescan, { backlogWaitMs: 20, backlogWaitsMax: 2 })
    expect(await its.round()).toMatchObject({ outcome: 'gave-way', counts: { passed: 0 } })
    await superuser.query(`delete from attachments where incoming_key like 'backlog-%'`)
    expect(await its.round()).toMatchObject({ outcome: 'seen-all', counts: { passed: 1 } })
  })

  test('never wait for a re-scan: while one is held for as long as one likes, all uploads behind it arrive', async () => {
    const looked = [await its.sendClean(text('looked at')), await its.sendClean(text('behind it'))]
    const now = its.newVersion()
    const held = Promise.withResolvers<void>()
    const begun: string[] = []
    const faults = {
      before: {
        lookAgain: async ({ attachmentId }: { attachmentId: string }) => {
          begun.push(attachmentId)
          await held.promise
        },
      },
    }
    await its.withFaults(faults, async () => {
      const looks = await Promise.all(looked.map((id) => its.startLook(id, now)))
      await expect.poll(() => begun.length, { timeout: 20_000 }).toBe(1)
      const live = await Promise.all(Array.from({ length: 4 }, (_, at) => its.world.send(Buffer.from(text(`live ${at}`)), 'text/plain')))
      for (const id of live) expect(await its.world.scanOutcome(id)).toEqual({ outcome: 'clean' })
      // Nor does a second look begin beside the first: a worker has one slot for them.
      expect(begun).toHaveLength(1)
      held.resolve()
      for (const look of looks) expect(await look.result()).toMatchObject({ outcome: 'passed' })
    })
  })
})

test('an outage is no verdict: the file stays as it was, the round ends, and the next one looks again', async () => {
  const id = await its.sendClean(text('away'))
  const before = await its.row(id)
  const now = its.newVersion()
  its.gate.set('closed')
  expect(await its.round()).toMatchObject({ outcome: 'engine-away' })
  expect(await (await its.startLook(id, now)).result()).toEqual({ outcome: 'postponed', bytes: 0 })
  expect(await its.row(id)).toEqual(before)
  its.gate.set('open')
  expect((await its.round()).counts.postponed).toBe(0)
  expect(await its.row(id)).toMatchObject({ state: 'clean', database_version: now })
})
