import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createForgetFeeds } from '../../activities/roster/forgetFeeds.ts'
import { relayOutbox } from '../../worker/relayOutbox.ts'
import { lookNowSignal } from '../../workflows/contract.ts'
import { createAttachmentWorld, type AttachmentWorld } from '../support/attachmentWorld.ts'
import { inActivity } from '../support/inActivity.ts'
import { createRosterActs, packBulk, testRosterPace, withoutStudent, type RosterActs } from '../support/rosterActs.ts'
import { alertsAbout, mailsTo } from '../support/sinks.ts'
import { startFaultyWorkers } from '../support/startFaultyWorkers.ts'
import { createBulkFiles, zipFiles, type FeedFiles } from '../support/feedFiles.ts'
import { listReach } from '../support/listReach.ts'
import { readRosterRows } from '../support/readRosterRows.ts'

let world: AttachmentWorld
let everyone: Buffer
let fewer: Buffer
beforeAll(async () => {
  world = await createAttachmentWorld({ rosterPace: testRosterPace })
  await world.startWorkers()
  everyone = await packBulk()
  fewer = await packBulk(withoutStudent)
})
afterAll(() => world?.close())

const waitFor = (check: () => Promise<void>): Promise<void> => vi.waitFor(check, { timeout: 30_000, interval: 100 })
/** Starts what was committed, as the relay does. */
const relay = () => relayOutbox({ relay: world.adapters.relay, client: world.adapters.client, ageSeconds: 0 })
const sweep = () =>
  world.adapters.client.workflow.execute('sweepRosters', {
    workflowId: `sweep-rosters-${crypto.randomUUID()}`,
    taskQueue: world.config.taskQueues.maintenance,
  })
const hold = (district: RosterActs, syncId: string, state: string) =>
  world.database.superuser.query('update roster_syncs set state = $3 where district_id = $1 and id = $2', [
    district.districtId,
    syncId,
    state,
  ])

test('a feed that was sent is applied, and its run says where it is by ids and states alone', async () => {
  const district = await createRosterActs(world)
  const syncId = await district.send(everyone)
  expect(await district.syncOf(syncId).result()).toEqual({ outcome: 'applied' })
  expect(await district.row(syncId)).toMatchObject({ state: 'applied', roster_version: '1' })
  const { searchAttributes } = await district.syncOf(syncId).describe()
  expect(searchAttributes).toMatchObject({ DistrictId: [district.districtId], SyncId: [syncId], Stage: ['done'] })
  const again = await district.send(everyone)
  expect(await district.syncOf(again).result()).toEqual({ outcome: 'unchanged' })
})

test('what cannot be read is an end and no failure, a dry run changes nothing, and nothing that was uploaded waits again', async () => {
  const district = await createRosterActs(world)
  const bad = await district.send(await zipFiles({ orgs: 'nothing of ours\n' }))
  expect(await district.syncOf(bad).result()).toEqual({ outcome: 'unreadable' })
  expect(await district.row(bad)).toMatchObject({ state: 'unreadable', fault_code: expect.any(String) as string })
  const preview = await district.send(everyone, { isDryRun: true })
  expect(await district.syncOf(preview).result()).toEqual({ outcome: 'previewed' })
  const empty = await district.addTicket()
  await district.start(await district.complete(empty))
  expect(await district.syncOf(empty).result()).toEqual({ outcome: 'no-feed' })
  expect(await district.row(empty)).toMatchObject({ state: 'awaiting-upload', attempt: 2 })
  await district.upload(empty, everyone)
  await district.start(await district.complete(empty))
  expect(await district.syncOf(empty, 2).result()).toEqual({ outcome: 'applied' })
})

/** Whatever day the test runs on, the terms do. */
const lasting = (files: FeedFiles): FeedFiles =>
  Object.fromEntries(
    Object.entries(files).map(([file, rows]) => [
      file,
      String(rows).replaceAll('2026-08-24', '2000-08-24').replaceAll('2027-06-12', '2099-06-12'),
    ]),
  )

test('a feed of OneRoster 1.1, in which users say what they are, connects its people, and changes nothing when it comes again', async () => {
  const district = await createRosterActs(world)
  const zip = await zipFiles(lasting(createBulkFiles('1.1')), { version: '1.1' })
  for (const outcome of ['applied', 'unchanged']) {
    expect(await district.syncOf(await district.send(zip)).result()).toEqual({ outcome })
    expect(await listReach(world.adapters.app, district.districtId)).toEqual(['u2>u1 about u1'])
  }
  const { rows } = await world.database.superuser.query(
    `select sourced_id, role from users where district_id = $1 and is_active and id <> $2 order by 1`,
    [district.districtId, district.administrator.id],
  )
  const roles = { g1: 'guardian', u1: 'student', u2: 'teacher' }
  expect(rows).toEqual(Object.entries(roles).map(([sourcedId, role]) => ({ sourced_id: sourcedId, role })))
})

test('a dry run says how many pairs a feed would part, over the brake’s limits too, and leaves every row of the roster as it was', async () => {
  const less = await packBulk((files) => withoutStudent(lasting(files)))
  for (const brake of [undefined, { percent: 10, rows: 1 }]) {
    const district = await createRosterActs(world, brake)
    await district.syncOf(await district.send(await packBulk(lasting))).result()
    const before = await readRosterRows(world.database.superuser, district.districtId)
    const syncId = await district.send(less, { isDryRun: true })
    expect(await district.syncOf(syncId).result()).toEqual({ outcome: 'previewed' })
    expect(await readRosterRows(world.database.superuser, district.districtId)).toEqual(before)
    const { rows } = await world.database.superuser.query('select ending_count, removals, roster_version from roster_syncs where id = $1', [
      syncId,
    ])
    expect(rows).toEqual([{ ending_count: 1, removals: null, roster_version: null }])
    const real = await district.send(less)
    await district.syncOf(real).result()
    const { rows: parted } = await world.database.superuser.query('select ending_count from roster_syncs where id = $1', [real])
    expect(parted).toEqual([{ ending_count: 1 }])
  }
})

test('a feed whose rows the database refuses ends as a fault of ours, and the next one has its turn', async () => {
  const district = await createRosterActs(world)
  const { superuser } = world.database
  await superuser.query(`alter table courses add constraint planted check (district_id <> '${district.districtId}') not valid`)
  const refused = await district.send(everyone)
  await expect(district.syncOf(refused).result()).rejects.toMatchObject({ cause: { type: 'RowRefused' } })
  expect(await district.row(refused)).toMatchObject({ state: 'failed', fault_code: 'RowRefused', roster_version: null })
  await superuser.query('alter table courses drop constraint planted')
  const next = await district.send(everyone)
  expect(await district.syncOf(next).result()).toEqual({ outcome: 'applied' })
})

test('a feed that the database never gets through ends as failed after a few tries, is seen by the engineers, and the next one has its turn', async () => {
  const district = await createRosterActs(world)
  const { superuser } = world.database
  await superuser.query('create sequence planted_tries')
  await superuser.query('grant usage on sequence planted_tries to public')
  await superuser.query(`create function planted() returns trigger language plpgsql as $$ begin
    perform nextval('planted_tries'); raise exception using errcode = '57014'; end $$`)
  await superuser.query(
    `create trigger planted before insert on courses for each row when (new.district_id = '${district.districtId}') execute function planted()`,
  )
  const large = await district.send(everyone)
  await expect(district.syncOf(large).result()).rejects.toMatchObject({ cause: { type: 'FeedTooLarge' } })
  expect(await district.row(large)).toMatchObject({ state: 'failed', fault_code: 'FeedTooLarge', roster_version: null })
  expect(await alertsAbout(large)).toMatchObject([{ event_action: 'trigger', dedup_key: `roster-sync-failed:${large}` }])
  const { rows } = await superuser.query<{ tries: string }>('select last_value as tries from planted_tries')
  expect(Number(rows[0]?.tries)).toBe(testRosterPace.interruptionsMax)
  await superuser.query('drop function planted cascade')
  const next = await district.send(everyone)
  expect(await district.syncOf(next).result()).toEqual({ outcome: 'applied' })
})

test('of what was uploaded under one ticket the first is read, whatever came after it', async () => {
  const district = await createRosterActs(world)
  const syncId = await district.addTicket()
  await district.upload(syncId, everyone)
  await district.upload(syncId, Buffer.from('something else'))
  await district.start(await district.complete(syncId))
  expect(await district.syncOf(syncId).result()).toEqual({ outcome: 'applied' })
})

test('syncs of a district go one at a time, the oldest first, and another district does not wait for them', async () => {
  const [district, other] = [await createRosterActs(world), await createRosterActs(world)]
  const running = await district.addTicket()
  await hold(district, running, 'running')
  const syncs: string[] = []
  for (const zip of [everyone, fewer, everyone]) syncs.push(await district.send(zip))
  const elsewhere = await other.send(everyone)
  expect(await other.syncOf(elsewhere).result()).toEqual({ outcome: 'applied' })
  for (const syncId of syncs) expect((await district.row(syncId)).state).toBe('queued')
  await hold(district, running, 'expired')
  await Promise.all(syncs.map((syncId) => district.syncOf(syncId).result()))
  const versions: unknown[] = []
  for (const syncId of syncs) versions.push((await district.row(syncId)).roster_version)
  expect(versions).toEqual(['1', '2', '3'])
})

test('a feed that nobody announced is found, and a ticket that nobody used ends', async () => {
  const district = await createRosterActs(world)
  const [sent, unused] = [await district.addTicket(), await district.addTicket()]
  await district.upload(sent, everyone)
  await world.database.superuser.query(
    `update roster_syncs set created_at = now() - interval '2 hours', ticket_expires_at = now() - interval '1 hour' where district_id = $1`,
    [district.districtId],
  )
  expect(await sweep()).toMatchObject({ feeds: { queued: 1, expired: 1 } })
  await relay()
  expect(await district.syncOf(sent).result()).toEqual({ outcome: 'applied' })
  expect(await district.row(unused)).toMatchObject({ state: 'expired' })
})

test('a sync whose run was ended by hand is taken up again, and keeps nobody waiting for ever', async () => {
  const district = await createRosterActs(world)
  const running = await district.addTicket()
  await hold(district, running, 'running')
  const syncId = await district.send(everyone)
  await waitFor(async () => expect((await district.syncOf(syncId).describe()).searchAttributes['Stage']).toEqual(['waiting']))
  await district.syncOf(syncId).terminate()
  await hold(district, running, 'expired')
  await world.database.superuser.query(`update roster_syncs set queued_at = now() - interval '1 hour' where id = $1`, [syncId])
  expect(await sweep()).toMatchObject({ replayedSyncs: 1 })
  await relay()
  expect(await district.syncOf(syncId, 2).result()).toEqual({ outcome: 'applied' })
})

test('a fault of ours ends the sync as failed and the run too, tells the engineers, and lets the next one begin', async () => {
  const district = await createRosterActs(world)
  const syncId = await district.addTicket()
  await district.upload(syncId, everyone)
  const start = await district.complete(syncId)
  await world.database.superuser.query(`update roster_syncs set object_version_id = 'gone' where id = $1`, [syncId])
  await district.start(start)
  const next = await district.send(everyone)
  await expect(district.syncOf(syncId).result()).rejects.toMatchObject({ cause: { type: 'PinnedVersionGone' } })
  expect(await district.row(syncId)).toMatchObject({ state: 'failed', fault_code: 'PinnedVersionGone' })
  expect(await alertsAbout(syncId)).toMatchObject([{ event_action: 'trigger', dedup_key: `roster-sync-failed:${syncId}` }])
  expect(await district.syncOf(next).result()).toEqual({ outcome: 'applied' })
})

test('an outage is waited out, is seen as delayed, and a hint ends the wait', async () => {
  await Promise.all(world.running().map((workers) => workers.drain()))
  let isAway = true
  const { roster } = world.adapters
  const read: typeof roster.read = (...args) => (isAway ? Promise.reject(new Error('away')) : roster.read(...args))
  const pace = { ...testRosterPace, waitBetweenTriesMs: 3_600_000, waitBetweenRoundsMs: 3_600_000 }
  Object.assign(world.config, { rosterPace: pace })
  const faulty = await startFaultyWorkers(world, { adapters: { roster: { ...roster, read } } })
  try {
    const district = await createRosterActs(world)
    const syncId = await district.send(everyone)
    await waitFor(async () => expect((await district.syncOf(syncId).describe()).searchAttributes['Stage']).toEqual(['delayed']))
    isAway = false
    await district.syncOf(syncId).signal(lookNowSignal)
    expect(await district.syncOf(syncId).result()).toEqual({ outcome: 'applied' })
  } finally {
    await faulty.drain()
    Object.assign(world.config, { rosterPace: testRosterPace })
    await world.startWorkers()
  }
})

/** A district of which the last feed would have removed more than its brake lets pass. */
const braked = async (): Promise<{ district: RosterActs; syncId: string }> => {
  const district = await createRosterActs(world, { percent: 10, rows: 1 })
  await district.syncOf(await district.send(everyone)).result()
  const syncId = await district.send(fewer)
  expect(await district.syncOf(syncId).result()).toEqual({ outcome: 'partly-applied' })
  await relay()
  return { district, syncId }
}
const suspended = async (syncId: string): Promise<number> =>
  Number(
    (await world.database.superuser.query<{ count: string }>('select count(*) from suspensions where sync_id = $1', [syncId])).rows[0]
      ?.count,
  )

test('a removal that the brake holds is told to the district by mail without a name, and discarded or approved as somebody decides', async () => {
  for (const [decision, outcome] of [
    ['discarding', 'discarded'],
    ['approving', 'approved'],
  ] as const) {
    const { district, syncId } = await braked()
    await waitFor(async () => expect(await mailsTo(district.administrator.email)).toHaveLength(1))
    const [mail] = await mailsTo(district.administrator.email)
    expect(mail?.text).toContain(syncId)
    expect(mail?.text).not.toMatch(/Given|Family|u1/)
    expect(await suspended(syncId)).toBe(1)
    // The mail goes out before the run says that it waits.
    await waitFor(async () =>
      expect((await district.decisionOf(syncId).describe()).searchAttributes).toMatchObject({ Stage: ['deciding'], SyncId: [syncId] }),
    )
    await district.decide(syncId, decision)
    await district.decisionOf(syncId).signal(lookNowSignal)
    expect(await district.decisionOf(syncId).result()).toEqual({ outcome })
    expect(await district.row(syncId)).toMatchObject({ state: 'partly-applied', removals: outcome })
    expect(await suspended(syncId)).toBe(0)
  }
})

test('nobody is asked about removals that a later feed takes back: everybody is back, and the run that waits ends', async () => {
  const { district, syncId } = await braked()
  expect(await suspended(syncId)).toBe(1)
  const next = await district.send(everyone)
  expect(await district.syncOf(next).result()).toEqual({ outcome: 'applied' })
  expect(await suspended(syncId)).toBe(0)
  expect(await district.decisionOf(syncId).result()).toEqual({ outcome: 'lifted' })
  expect(await district.row(syncId)).toMatchObject({ state: 'partly-applied', removals: 'lifted' })
})

test('after a day of silence the engineers are told, and the district again; the decision is still the district’s, and needs no hint', async () => {
  Object.assign(world.config.rosterPace, { escalateAfterMs: 1_500 })
  const { district, syncId } = await braked()
  await waitFor(async () => expect(await mailsTo(district.administrator.email)).toHaveLength(2))
  await waitFor(async () =>
    expect(await alertsAbout(syncId)).toMatchObject([{ event_action: 'trigger', dedup_key: `removal-undecided:${syncId}` }]),
  )
  const { rows } = await world.database.superuser.query<{ at: Date | null }>('select escalated_at as at from roster_syncs where id = $1', [
    syncId,
  ])
  expect(rows[0]?.at).not.toBeNull()
  await district.decide(syncId, 'discarding')
  expect(await district.decisionOf(syncId).result()).toEqual({ outcome: 'discarded' })
  expect((await alertsAbout(syncId)).map(({ event_action: action }) => action)).toEqual(['trigger', 'resolve'])
  Object.assign(world.config.rosterPace, { escalateAfterMs: 600_000 })
})

test('a decision whose run was ended by hand is waited for again, and carried out as it was made; nobody is told of it as of another one', async () => {
  const { district, syncId } = await braked()
  await waitFor(async () => expect(await mailsTo(district.administrator.email)).toHaveLength(1))
  await world.database.superuser.query(`update roster_syncs set ended_at = now() - interval '1 hour' where id = $1`, [syncId])
  await sweep()
  expect(await district.row(syncId)).toMatchObject({ attempt: 1 })
  await district.decisionOf(syncId).terminate()
  await district.decide(syncId, 'approving')
  expect(await sweep()).toMatchObject({ replayedSyncs: 1 })
  await sweep()
  await relay()
  expect(await district.decisionOf(syncId, 2).result()).toEqual({ outcome: 'approved' })
  expect(await suspended(syncId)).toBe(0)
  await sweep()
  expect(await district.row(syncId)).toMatchObject({ attempt: 2, removals: 'approved' })
  const news = (await mailsTo(district.administrator.email)).map(({ headers }) => headers['message-id'])
  expect(new Set(news.filter((id) => id.includes('.held.'))).size).toBe(1)
})

test('feeds and reports whose time is over are removed, and younger ones are not', async () => {
  const district = await createRosterActs(world)
  const syncId = await district.send(everyone)
  await district.syncOf(syncId).result()
  const purge = () =>
    world.adapters.client.workflow.execute('purgeFeeds', {
      workflowId: `purge-feeds-${crypto.randomUUID()}`,
      taskQueue: world.config.taskQueues.maintenance,
    })
  expect(await purge()).toEqual({ purged: 0 })
  const kept = (await world.buckets.listAll('roster')).length
  expect(kept).toBeGreaterThan(0)
  const { roster } = world.adapters
  async function* aged() {
    for await (const version of roster.allVersions()) yield { ...version, lastModified: new Date(Date.now() - 91 * 86_400_000) }
  }
  const forget = createForgetFeeds({ roster: { ...roster, allVersions: aged }, windows: world.config.sweepWindows })
  expect(await inActivity(forget)).toBe(kept)
  expect(await world.buckets.listAll('roster')).toEqual([])
})
