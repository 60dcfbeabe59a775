import { randomBytes } from 'node:crypto'
import { v7 as newId } from 'uuid'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import type { Problem } from '../../api/problem.ts'
import type { RosterStandingView, RosterSyncDetailView, RosterSyncView } from '../../api/schemas/rosterSyncSchema.ts'
import { createObjectBucket } from '../../clients/s3/createObjectBucket.ts'
import { createS3Client } from '../../clients/s3/createS3Client.ts'
import { withDistrict } from '../../db/openDatabase.ts'
import { listHolders } from '../../db/queries/listHolders.ts'
import { createCircles, type Circle } from '../support/circles.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { startApi, type RunningApi } from '../support/startApi.ts'

type Created = { sync: RosterSyncView; upload: { url: string; fields: Record<string, string>; expiresAt: string } }

const { s3, region } = inject('stack')
const root = createS3Client({ endpoint: s3.endpoint, region, credentials: s3.root })
let database: TestDatabase
let api: RunningApi
let circle: Circle
let path: string

beforeAll(async () => {
  database = await createTestDatabase()
  api = await startApi(database)
  circle = (await createCircles(api, database))[0]
  path = `/v1/districts/${circle.districtId}/roster-syncs`
})

afterAll(async () => {
  await api?.close()
  await database?.close()
  root.destroy()
})

const create = async (body: object = {}, headers: Record<string, string> = {}): Promise<Created> =>
  (await circle.machine.call<Created>('POST', path, body, headers)).body
const upload = ({ url, fields }: Created['upload'], content: Buffer, type = 'application/zip'): Promise<Response> => {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  form.append('file', new Blob([new Uint8Array(content)], { type }))
  return fetch(url, { method: 'POST', body: form })
}
const auditOf = async (id: string) =>
  (
    await database.superuser.query<{ action: string; actor_kind: string; details: object }>(
      `select action, actor_kind, details from audit_entries where target = $1 order by id`,
      [id],
    )
  ).rows
const change = (id: string, settings: string) => database.superuser.query(`update roster_syncs set ${settings} where id = $1`, [id])

test('a machine gets a ticket, sends the zip to the store, and says so: the sync is queued with its run, as new as its ticket', async () => {
  const { sync, upload: ticket } = await create()
  expect(sync).toMatchObject({
    state: 'awaiting-upload',
    origin: 'upload',
    isDryRun: false,
    author: { kind: 'client', id: circle.machine.id },
  })
  expect((await upload(ticket, randomBytes(1_000))).status).toBe(201)
  const stored = await createObjectBucket(root, s3.buckets.roster).listVersions(`feeds/${circle.districtId}/${sync.id}.zip`)
  expect(stored.map(({ bytes }) => bytes)).toEqual([1_000])
  const answers = [
    await circle.machine.call<RosterSyncView>('POST', `${path}/${sync.id}/complete`),
    await circle.administrator.call<RosterSyncView>('POST', `${path}/${sync.id}/complete`),
  ]
  for (const { status, body } of answers)
    expect({ status, ...body }).toMatchObject({ status: 202, state: 'queued', sourceAt: sync.createdAt })
  const { rows } = await database.superuser.query<{ workflow_id: string; workflow_type: string; input: object }>(
    `select workflow_id, workflow_type, input from outbox where workflow_id like 'sync-roster:' || $1 || '%'`,
    [sync.id],
  )
  expect(rows).toEqual([
    {
      workflow_id: `sync-roster:${sync.id}:1`,
      workflow_type: 'syncRoster',
      input: { districtId: circle.districtId, syncId: sync.id, attempt: 1 },
    },
  ])
  expect((await auditOf(sync.id)).map(({ action, actor_kind: kind }) => `${kind} ${action}`)).toEqual([
    'client roster-sync.create',
    'client roster-sync.complete',
  ])
})

test('a ticket takes a zip and nothing else, under its own key and no other', async () => {
  const { upload: ticket } = await create()
  expect((await upload({ ...ticket, fields: { ...ticket.fields, 'Content-Type': 'text/csv' } }, Buffer.from('x'))).status).toBe(403)
  expect(
    (await upload({ ...ticket, fields: { ...ticket.fields, key: `feeds/${circle.districtId}/other.zip` } }, Buffer.from('x'))).status,
  ).toBe(403)
})

test('a repeated request answers the same sync, and another body under its key is refused', async () => {
  const headers = { 'Idempotency-Key': crypto.randomUUID() }
  const [first, again] = [await create({ isDryRun: true }, headers), await create({ isDryRun: true }, headers)]
  expect(again.sync.id).toBe(first.sync.id)
  expect(first.sync.isDryRun).toBe(true)
  const other = await circle.machine.call<Problem>('POST', path, { isDryRun: false }, headers)
  expect(other).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } })
})

test('a feed is as new as its export, when that is told; what has not happened yet is refused', async () => {
  const exportedAt = new Date(Date.now() - 3_600_000).toISOString()
  const { sync } = await create({ exportedAt })
  const { body } = await circle.machine.call<RosterSyncView>('POST', `${path}/${sync.id}/complete`)
  expect(body.sourceAt).toBe(exportedAt)
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString()
  const refused = await circle.machine.call<Problem>('POST', path, { exportedAt: tomorrow })
  expect(refused).toMatchObject({ status: 422, body: { errors: [{ pointer: '/exportedAt', code: 'in-the-future' }] } })
})

test('whoever works for the district no more has no permission left, though the account goes on', async () => {
  const { id } = circle.administrator
  const lookAs = async (role: string) => {
    await database.superuser.query('update org_roles set role = $2 where user_id = $1', [id, role])
    const { status } = await circle.administrator.call('GET', path)
    return { status, me: (await circle.administrator.call('GET', '/v1/me')).status }
  }
  expect(await lookAs('guardian')).toEqual({ status: 403, me: 200 })
  expect(await lookAs('staff')).toEqual({ status: 200, me: 200 })
})

test('a ticket that has ended takes no feed any more', async () => {
  const { sync } = await create()
  await change(sync.id, `state = 'expired', ended_at = now()`)
  expect(await circle.machine.call<Problem>('POST', `${path}/${sync.id}/complete`)).toMatchObject({
    status: 409,
    body: { code: 'state-conflict' },
  })
})

test('the detail says what was done to each kind of row, what was wrong and how to mend it, and how old the roster is', async () => {
  const [good, bad, ours] = [await create(), await create(), await create()]
  await change(good.sync.id, `state = 'applied', source_at = now() - interval '2 hours', ended_at = now(), roster_version = 3`)
  await database.superuser.query(
    `insert into roster_sync_counts (district_id, sync_id, subject, lines, taken, removed, active) values ($1, $2, 'enrollment', 90, 88, 7, 100)`,
    [circle.districtId, good.sync.id],
  )
  await change(
    bad.sync.id,
    `state = 'unreadable', fault_code = 'header-column-missing', fault_file = 'users.csv', fault_line = 1, ended_at = now()`,
  )
  await change(ours.sync.id, `state = 'failed', fault_code = 'SyncKeepsBreaking', ended_at = now()`)
  const detailOf = async (id: string) => (await circle.reader.call<RosterSyncDetailView>('GET', `${path}/${id}`)).body
  expect(await detailOf(good.sync.id)).toMatchObject({
    state: 'applied',
    rosterVersion: 3,
    fault: null,
    counts: [{ subject: 'enrollment', lines: 90, taken: 88, removed: 7, active: 100 }],
    lastSuccess: { id: good.sync.id },
  })
  const unreadable = await detailOf(bad.sync.id)
  expect(unreadable.fault).toEqual({ code: 'header-column-missing', mend: 'add the column', file: 'users.csv', line: 1, column: null })
  expect(unreadable.lastSuccess?.ageSeconds).toBeGreaterThanOrEqual(7_200)
  expect((await detailOf(ours.sync.id)).fault?.mend).toContain('fault of ours')
})

test('beside its syncs a district sees when its roster is fetched next, and how to mend what kept it from being fetched', async () => {
  const { id } = (await create()).sync
  const standings = async () => {
    const [list, detail] = await Promise.all([
      circle.reader.call<RosterStandingView>('GET', path),
      circle.reader.call<RosterStandingView>('GET', `${path}/${id}`),
    ])
    return [list.body.pull, detail.body.pull]
  }
  const changePull = (settings: string) =>
    database.superuser.query(`update roster_pulls set ${settings} where district_id = $1`, [circle.districtId])
  expect(await standings()).toEqual([null, null])
  await database.superuser.query(
    `insert into roster_pulls (district_id, id, base_url, token_url, client_id, client_secret, every_hours, bulk_every_days, mode, started_at, ended_at, outcome, fault_code)
     values ($1, $2, 'b', 't', 'c', '\\x00', 6, 7, 'delta', '2026-02-03T01:00Z', '2026-02-03T01:01Z', 'failed', 'forbidden')`,
    [circle.districtId, newId()],
  )
  const failed = {
    state: 'waiting',
    everyHours: 6,
    mode: 'delta',
    startedAt: '2026-02-03T01:00:00.000Z',
    endedAt: '2026-02-03T01:01:00.000Z',
    outcome: 'failed',
    fault: { code: 'forbidden', mend: 'the client may not read one of the collections: give it roster-core.readonly' },
    nextAt: '2026-02-03T07:00:00.000Z',
  }
  expect(await standings()).toEqual([failed, failed])
  await changePull(`fault_code = 'BucketNotVersioned'`)
  expect((await standings())[0]?.fault?.mend).toContain('fault of ours')
  await changePull(`is_paused = true, outcome = 'queued', fault_code = null`)
  expect((await standings())[0]).toEqual({ ...failed, state: 'paused', outcome: 'queued', fault: null, nextAt: null })
})

test('syncs are listed newest first, page by page, and once each', async () => {
  const seen: string[] = []
  let cursor: string | null = null
  do {
    const query: string = cursor === null ? '' : `&cursor=${cursor}`
    const { body } = await circle.reader.call<{ items: RosterSyncView[]; nextCursor: string | null }>('GET', `${path}?limit=2${query}`)
    seen.push(...body.items.map(({ id }) => id))
    cursor = body.nextCursor
  } while (cursor !== null)
  const { rows } = await database.superuser.query<{ id: string }>('select id from roster_syncs where district_id = $1 order by id desc', [
    circle.districtId,
  ])
  expect(seen).toEqual(rows.map(({ id }) => id))
})

test('rejects are downloaded as an attachment that may do nothing, and each download is written down first', async () => {
  const { sync } = await create()
  const key = `reports/${circle.districtId}/${sync.id}/1/rejects.csv`
  await root.send(new PutObjectCommand({ Bucket: s3.buckets.roster, Key: key, Body: 'file,line\n"users.csv","2"\n' }))
  await change(sync.id, `rejects_key = '${key}', reject_count = 1`)
  const head = await circle.reader.call('HEAD', `${path}/${sync.id}/rejects`)
  expect([head.status, (await auditOf(sync.id)).length]).toEqual([200, 1])
  const { status, headers, body } = await circle.reader.call<string>('GET', `${path}/${sync.id}/rejects`)
  expect({ status, body }).toEqual({ status: 200, body: 'file,line\n"users.csv","2"\n' })
  expect(Object.fromEntries(headers)).toMatchObject({
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename=rejects-${sync.id}.csv`,
    'x-content-type-options': 'nosniff',
    'content-security-policy': "sandbox; default-src 'none'; frame-ancestors 'none'",
    'cache-control': 'private, no-store',
  })
  expect((await auditOf(sync.id)).at(-1)).toEqual({
    action: 'roster-report.download',
    actor_kind: 'client',
    details: { report: 'rejects' },
  })
})

test('an administrator sees whom the brake holds, page by page, and leaves a row for it', async () => {
  const { sync } = await create()
  const { rows } = await database.superuser.query<{ id: string }>('select id from enrollments where district_id = $1 order by id', [
    circle.districtId,
  ])
  const [guarding] = (
    await database.superuser.query<{ id: string }>('select id from guardianships where district_id = $1 limit 1', [circle.districtId])
  ).rows
  const [section] = (
    await database.superuser.query<{ id: string }>('select id from sections where district_id = $1 limit 1', [circle.districtId])
  ).rows
  const held = [
    ...rows.map(({ id }) => [id, 'enrollment'] as const),
    [guarding?.id ?? '', 'guardianship'] as const,
    [section?.id ?? '', 'section'] as const,
    [circle.student.id, 'user'] as const,
    [newId(), 'term'] as const,
  ]
  for (const [id, subject] of held) {
    await database.superuser.query('insert into suspensions values ($1, $2, $3, $4)', [circle.districtId, id, sync.id, subject])
  }
  type Held = { subject: string; id: string; person: { id: string } | null; student: object | null; section: { title: string } | null }
  const seen: Held[] = []
  let cursor: string | null = null
  do {
    const query: string = cursor === null ? '' : `&cursor=${cursor}`
    const { body } = await circle.administrator.call<{ items: Held[]; nextCursor: string | null }>(
      'GET',
      `${path}/${sync.id}/held-removals?limit=3${query}`,
    )
    seen.push(...body.items)
    cursor = body.nextCursor
  } while (cursor !== null)
  expect(seen.map(({ id }) => id).toSorted()).toEqual(held.map(([id]) => id).toSorted())
  const one = (subject: string) => seen.find((item) => item.subject === subject)
  expect(one('enrollment')).toMatchObject({ person: { familyName: 'Family' }, section: { title: 'Section' }, student: null })
  expect(one('guardianship')).toMatchObject({ person: { role: 'guardian' }, student: { role: 'student' }, section: null })
  expect(one('section')).toMatchObject({ person: null, section: { title: 'Section' } })
  expect(one('user')?.person?.id).toBe(circle.student.id)
  expect(one('term')).toMatchObject({ person: null, title: null })
  expect((await auditOf(sync.id)).map(({ action }) => action)).toContain('roster-removal.preview')
  await database.superuser.query('delete from suspensions where sync_id = $1', [sync.id])
})

test('the first decision of an administrator stands, with who made it and why', async () => {
  const { sync } = await create()
  const decide = (decision: string, reason = 'the export had no high school') =>
    circle.administrator.call<RosterSyncView & Problem>('POST', `${path}/${sync.id}/removal-decision`, { decision, reason })
  expect((await decide('approve')).body.code).toBe('state-conflict')
  await change(sync.id, `state = 'partly-applied', removals = 'waiting'`)
  expect((await decide('approve', ' ')).status).toBe(422)
  const [first, second] = await Promise.all([decide('discard'), decide('discard')])
  expect([first.status, second.status].toSorted((one, other) => one - other)).toEqual([202, 409])
  const decided = first.status === 202 ? first : second
  expect(decided.body.removals).toMatchObject({ state: 'discarding', decidedBy: circle.administrator.id })
  expect((await auditOf(sync.id)).filter(({ action }) => action === 'roster-removal.decide')).toEqual([
    { action: 'roster-removal.decide', actor_kind: 'user', details: { decision: 'discard' } },
  ])
})

test('an administrator whose own removal is held sees nothing of it, decides nothing, and is asked nothing, until somebody else has discarded it', async () => {
  const { sync } = await create()
  await change(sync.id, `state = 'partly-applied', removals = 'waiting'`)
  const { id: userId } = circle.administrator
  const decide = () =>
    circle.administrator.call<Problem>('POST', `${path}/${sync.id}/removal-decision`, { decision: 'discard', reason: 'it is me' })
  const preview = () => circle.administrator.call('GET', `${path}/${sync.id}/held-removals`)
  const isAsked = async () =>
    (await withDistrict(api.deps.app, circle.districtId, (tx) => listHolders(tx, 'administer'))).some((one) => one.userId === userId)
  expect([(await preview()).status, await isAsked()]).toEqual([200, true])
  await database.superuser.query(`insert into suspensions values ($1, $2, $3, 'user')`, [circle.districtId, userId, sync.id])
  expect([(await decide()).status, (await preview()).status, await isAsked()]).toEqual([403, 403, false])
  expect((await circle.administrator.call<{ permissions: string[] }>('GET', '/v1/me')).body.permissions).toEqual([])
  await database.superuser.query('delete from suspensions where sync_id = $1', [sync.id])
  expect([(await decide()).status, (await preview()).status, await isAsked()]).toEqual([202, 200, true])
})

test('no more than twenty feeds of a district are under way', async () => {
  const answers: number[] = []
  for (let made = 0; made < 21; made++) answers.push((await circle.machine.call('POST', path, {})).status)
  expect(answers.at(-1)).toBe(409)
})
