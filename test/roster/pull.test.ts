import { randomBytes } from 'node:crypto'
import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createGuardedFetch } from '../../clients/guardedFetch/createGuardedFetch.ts'
import { pauseRosterPull, setRosterPull } from '../../db/setRosterPull.ts'
import { sampleCustody, toFeedTables } from '../../demo/roster/toFeedTables.ts'
import { createNeighbourRoster } from '../../demo/sampleRoster.ts'
import { pullRosterId, syncRosterId } from '../../workflows/contract.ts'
import { startProvider, type TestProvider } from '../oneroster/startProvider.ts'
import { toCollections } from '../oneroster/toCollections.ts'
import { expectHistoryKept } from '../support/expectHistoryKept.ts'
import { createAttachmentWorld, type AttachmentWorld } from '../support/attachmentWorld.ts'
import { switchEverythingOn } from '../support/switchEverythingOn.ts'

let world: AttachmentWorld
let sis: TestProvider
let districtId: string
const long = '2026-01-01T00:00:00.000Z'

beforeAll(async () => {
  sis = await startProvider({})
  world = await createAttachmentWorld()
  const guardedFetch = createGuardedFetch({ loopbackOrigins: [new URL(sis.baseUrl).origin], loopbackCa: sis.ca })
  Object.assign(world.adapters, { guardedFetch })
  Object.assign(world.config.pull.patience, { firstWaitMs: 1, troublesMax: 3 })
  await world.startWorkers()
})
afterAll(async () => {
  await world?.close()
  await sis?.close()
})
beforeEach(async () => {
  sis.setFault(() => undefined)
  sis.requests.length = 0
  sis.collections = structuredClone(toCollections(toFeedTables(createNeighbourRoster('2026-10-05'), '1.2'), long))
  districtId = newId()
  await world.database.superuser.query(
    `insert into districts (id, kind, name, time_zone, brake_percent, brake_rows, custody_column, custody_permitted, custody_denied)
     values ($1, 'district', 'Sample', 'America/Denver', 100, 1000000, $2, $3, $4)`,
    [districtId, sampleCustody.column, sampleCustody.permitted, sampleCustody.denied],
  )
  await switchEverythingOn(world.database.superuser, districtId)
})

const by = { staff: 'test', reason: 'test' }
const setUp = async (change: Partial<{ clientSecret: string; baseUrl: string }> = {}): Promise<string> => {
  const owner = await world.database.open('owner', 2)
  const source = { baseUrl: sis.baseUrl, tokenUrl: sis.tokenUrl, ...sis.credentials, everyHours: 24, bulkEveryDays: 7, ...change }
  const set = await setRosterPull({ owner, districtKeys: world.adapters.districtKeys }, { districtId, ...source, ...by })
  return set?.pullId ?? ''
}

const query = async <Row extends Record<string, unknown>>(text: string, values: unknown[] = []): Promise<Row[]> =>
  (await world.database.superuser.query<Row>(text, values)).rows
type PullRow = {
  state: string
  attempt: number
  mode: string
  outcome: string | null
  fault_code: string | null
  cursor_at: Date | null
  started_at: Date
  sync_id: string
}
const readPull = async (): Promise<PullRow> => {
  const [row] = await query<PullRow>('select * from roster_pulls where district_id = $1', [districtId])
  if (row === undefined) throw new Error('no pull')
  return row
}
/** As if its hours had passed. */
const passHours = () => query(`update roster_pulls set started_at = started_at - interval '24 hours' where district_id = $1`, [districtId])

/** One look of the schedule. */
const look = async (): Promise<string> => {
  const workflowId = `due-${randomBytes(6).toString('hex')}`
  await world.adapters.client.workflow.execute('startDuePulls', { workflowId, taskQueue: world.config.taskQueues.maintenance })
  return workflowId
}
/** What the relay does with what a look asked for: starts it, and here waits for it. */
const runPull = async (): Promise<unknown> => {
  const [start] = await query<{ workflow_id: string; input: unknown }>(
    `select workflow_id, input from outbox where district_id = $1 and workflow_type = 'pullRoster' and started_at is null`,
    [districtId],
  )
  if (start === undefined) return 'nothing'
  await query('update outbox set started_at = now() where workflow_id = $1', [start.workflow_id])
  return world.adapters.client.workflow.execute('pullRoster', {
    workflowId: start.workflow_id,
    taskQueue: world.config.taskQueues.roster,
    args: [start.input],
  })
}
const applyQueued = async (): Promise<string> => {
  const { sync_id: syncId } = await readPull()
  const result = await world.adapters.client.workflow.execute<() => Promise<{ outcome: string }>>('syncRoster', {
    workflowId: syncRosterId(syncId, 1),
    taskQueue: world.config.taskQueues.roster,
    args: [{ districtId, syncId, attempt: 1 }] as never,
  })
  expect(result).toBeDefined()
  const [row] = await query<{ state: string }>('select state from roster_syncs where id = $1', [syncId])
  return row?.state ?? ''
}
const pullOnce = async (): Promise<string> => {
  await look()
  await runPull()
  return applyQueued()
}
const countLive = async (table: string): Promise<number> =>
  Number(
    (await query<{ n: string }>(`select count(*) as n from ${table} where district_id = $1 and until_version is null`, [districtId]))[0]?.n,
  )

test('a district’s roster is fetched in bulk first, and its sync applies it', async () => {
  const pullId = await setUp()
  await look()
  const { sync_id: syncId, started_at: startedAt } = await readPull()
  expect(await runPull()).toMatchObject({ outcome: 'queued', syncId, mode: 'bulk' })
  const [sync] = await query('select origin, state, source_at, author_kind, author from roster_syncs where district_id = $1', [districtId])
  expect(sync).toEqual({ origin: 'pull', state: 'queued', source_at: startedAt, author_kind: 'schedule', author: pullId })
  expect(await query(`select workflow_id from outbox where district_id = $1 and workflow_type = 'syncRoster'`, [districtId])).toEqual([
    { workflow_id: `sync-roster:${syncId}:1` },
  ])
  expect(await applyQueued()).toBe('applied')
  expect(await countLive('enrollments')).toBe(sis.collections['enrollments']?.length)
  expect(await countLive('guardianships')).toBeGreaterThan(0)
})

test('then only changes are asked for, from a little before the last pull began, and whoever left loses the section', async () => {
  await setUp()
  expect(await pullOnce()).toBe('applied')
  const { started_at: first } = await readPull()
  const before = await countLive('enrollments')
  const [gone] = sis.collections['enrollments'] ?? []
  Object.assign(gone ?? {}, { status: 'tobedeleted', dateLastModified: new Date().toISOString() })
  sis.requests.length = 0
  await passHours()
  expect(await pullOnce()).toBe('applied')
  const filters = new Set(sis.requests.flatMap(({ query: asked }) => asked.get('filter') ?? []))
  expect(filters).toEqual(new Set([`dateLastModified>'${new Date(first.getTime() - 600_000).toISOString()}'`]))
  expect(await countLive('enrollments')).toBe(before - 1)
  expect(await readPull()).toMatchObject({ mode: 'delta', cursor_at: first })
})

test('the cursor stays where it was when a sync of a pull did not end well: what was not applied is asked for again', async () => {
  await setUp()
  await pullOnce()
  await passHours()
  await look()
  await runPull()
  const { sync_id: syncId, cursor_at: cursor } = await readPull()
  await query(`update roster_syncs set state = 'failed', ended_at = now() where id = $1`, [syncId])
  await passHours()
  await look()
  expect(await readPull()).toMatchObject({ state: 'pulling', attempt: 3, cursor_at: cursor, mode: 'delta' })
})

test('nothing is fetched before its time, while a sync of the last pull is under way, or while it rests; two looks at once begin it once', async () => {
  await setUp()
  await Promise.all([look(), look(), look()])
  expect(await readPull()).toMatchObject({ attempt: 1, state: 'pulling' })
  await runPull()
  await look()
  expect((await readPull()).attempt).toBe(1)
  await passHours()
  await look()
  // Its sync is still queued.
  expect((await readPull()).attempt).toBe(1)
  await applyQueued()
  await pauseRosterPull(await world.database.open('owner', 1), { districtId, isPaused: true, ...by })
  await look()
  expect((await readPull()).attempt).toBe(1)
  await pauseRosterPull(await world.database.open('owner', 1), { districtId, isPaused: false, ...by })
  await look()
  expect((await readPull()).attempt).toBe(2)
})

test('everything is fetched again after its days, so that what was deleted without a word is found', async () => {
  await setUp()
  await pullOnce()
  const before = await countLive('enrollments')
  sis.collections['enrollments']?.splice(0, 1)
  await passHours()
  await query(`update roster_syncs set source_at = source_at - interval '8 days' where district_id = $1`, [districtId])
  await look()
  expect((await readPull()).mode).toBe('bulk')
  await runPull()
  expect(await applyQueued()).toBe('applied')
  expect(await countLive('enrollments')).toBe(before - 1)
})

test('a system that refuses us ends the attempt with its code, makes no sync and changes nobody’s access', async () => {
  await setUp({ clientSecret: 'another' })
  await look()
  expect(await runPull()).toEqual({ outcome: 'failed', code: 'token-refused' })
  expect(await readPull()).toMatchObject({ state: 'waiting', outcome: 'failed', fault_code: 'token-refused' })
  expect(await query('select 1 from roster_syncs where district_id = $1', [districtId])).toEqual([])
  expect((await world.buckets.listAll('roster')).filter(({ key }) => key.includes(districtId))).toEqual([])
})

test('an address that leads inside is not asked, whoever set it', async () => {
  await setUp({ baseUrl: 'https://169.254.169.254' })
  await look()
  expect(await runPull()).toEqual({ outcome: 'failed', code: 'address-not-public' })
})

test('an attempt that was overtaken by another source ends without a sync', async () => {
  await setUp()
  await look()
  await setUp()
  expect(await runPull()).toEqual({ outcome: 'superseded' })
  expect(await query('select 1 from roster_syncs where district_id = $1', [districtId])).toEqual([])
  expect((await readPull()).state).toBe('waiting')
})

test('the secret of the district’s system is sealed in the row, and stands in no history, outbox row or audit entry', async () => {
  await setUp()
  await pullOnce()
  const kept = await query<{ row: string }>(
    `select roster_pulls::text as row from roster_pulls union all select outbox::text from outbox union all select audit_entries::text from audit_entries`,
  )
  expect(kept.map(({ row }) => row).join('\n')).not.toContain(sis.credentials.clientSecret)
  expect(kept.map(({ row }) => row).join('\n')).not.toContain(Buffer.from(sis.credentials.clientSecret).toString('hex'))
})

/** Each path of the runs, which `npm run histories` keeps. */
const paths: [name: string, walk: () => Promise<{ workflowId: string }>][] = [
  ['pullRoster.queued', () => walkPull({})],
  ['pullRoster.failed', () => walkPull({ clientSecret: 'another' })],
  ['pullRoster.superseded', () => walkPull({}, setUp)],
  [
    'startDuePulls.done',
    async () => {
      await setUp()
      return { workflowId: await look() }
    },
  ],
]
const walkPull = async (change: Parameters<typeof setUp>[0], meanwhile: () => Promise<unknown> = () => Promise.resolve()) => {
  const pullId = await setUp(change)
  await look()
  await meanwhile()
  await runPull()
  return { workflowId: pullRosterId(pullId, 1) }
}

test.each(paths)('%s replays, and has a saved history', async (name, walk) => {
  await expectHistoryKept(world.adapters, name, await walk())
})
