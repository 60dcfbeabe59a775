import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { v7 as newId } from 'uuid'
import { createAlertInfected } from '../../activities/alertInfected.ts'
import { createFollowAlert } from '../../activities/followAlert.ts'
import type { Inspection } from '../../activities/inspection.ts'
import type { Database } from '../../db/openDatabase.ts'
import { operationsDistrictId } from '../../db/operationsDistrict.ts'
import type { Alert } from '../../domain/ports.ts'
import { createOperationsWatch } from '../../worker/watchOperations.ts'
import { createSampleDistrict, type SampleDistrict } from '../db/roster.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { inActivity } from '../support/inActivity.ts'

const burst = 4

let database: TestDatabase
let app: Database
let district: SampleDistrict
let channelId: string
let watch: ReturnType<typeof createOperationsWatch>
const look = () => watch.look()
const raised: Alert[] = []
const pager = { raise: (alert: Alert) => Promise.resolve(void raised.push(alert)) }

beforeAll(async () => {
  database = await createTestDatabase()
  app = await database.open('app', 8)
  district = await createSampleDistrict(database.superuser)
  channelId = newId()
  await database.superuser.query(
    `insert into channels (district_id, id, teacher_id, participant_id, student_id, school_year) values ($1, $2, $3, $4, $4, 2026)`,
    [district.districtId, channelId, district.teacherId, district.studentId],
  )
  watch = createOperationsWatch({
    app,
    relay: await database.open('relay', 1),
    sweeper: await database.open('sweeper', 1),
    follow: createFollowAlert({ app, pager }),
    outboxOldAfterSeconds: 300,
    syncLateAfterSeconds: 7_200,
    unscannableBurstCount: burst,
    syntheticOverdueSeconds: null,
    archiveOldAfterSeconds: 3_600,
    failedRunsUrl: 'http://127.0.0.1:8233/failed',
  })
})
afterAll(() => database?.close())
beforeEach(() => void raised.splice(0))
afterEach(async () => {
  for (const table of ['open_alerts', 'attachments', 'outbox', 'roster_syncs']) await database.superuser.query(`delete from ${table}`)
})

/** Rows as they stand after scans that ended so. */
const addEnded = (count: number, state: string, reason: string | null = null) =>
  database.superuser.query(
    `insert into attachments (district_id, id, channel_id, uploader_id, state, verdict, refusal_reason, file_name, content_type, bytes, incoming_key,
       ticket_expires_at, upload_completed_at, ended_at)
     select $1, gen_random_uuid(), $2, $3, $4, case when $4 = 'refused' then 'unscannable' end, $5, '\\x00', 'text/plain', 1, gen_random_uuid(), now(), now(), now()
     from generate_series(1, $6)`,
    [district.districtId, channelId, district.teacherId, state, reason, count],
  )
const later = (seconds: number) =>
  database.superuser.query(
    `update open_alerts set began_at = began_at - make_interval(secs => $1), seen_at = seen_at - make_interval(secs => $1),
      raised_at = raised_at - make_interval(secs => $1), ending_at = ending_at - make_interval(secs => $1)`,
    [seconds],
  )
/** Under which keys an attachment was told of. */
const keysOf = (id: string) => new Set(raised.filter(({ details }) => details['attachmentId'] === id).map(({ dedupKey }) => dedupKey))
const said = (name: string) => raised.filter(({ dedupKey }) => dedupKey === name).map(({ action }) => action)

describe('on-call is told once, and once that it is over, of', () => {
  test('syncs of rosters that have not ended for hours', async () => {
    const addSync = (state: string, hoursAgo: number) =>
      database.superuser.query(
        `insert into roster_syncs (district_id, id, origin, state, object_key, author_kind, author, queued_at)
         values ($1, $2, 'upload', $3, 'k', 'client', 'c', now() - make_interval(hours => $4))`,
        [district.districtId, newId(), state, hoursAgo],
      )
    await addSync('queued', 1)
    await addSync('applied', 9)
    await look()
    expect(said('roster-sync-late')).toEqual([])
    await addSync('running', 3)
    await look()
    await look()
    expect(said('roster-sync-late')).toEqual(['trigger'])
    expect(raised.find(({ dedupKey }) => dedupKey === 'roster-sync-late')).toMatchObject({
      runbook: 'roster-sync-late',
      details: { count: 1 },
    })
    await database.superuser.query(`update roster_syncs set state = 'applied'`)
    await later(90)
    await look()
    expect(said('roster-sync-late')).toEqual(['trigger', 'resolve'])
  })

  test('scans that failed', async () => {
    await addEnded(3, 'failed')
    await look()
    await look()
    expect(said('scan-failed')).toEqual(['trigger'])
    expect(raised.find(({ dedupKey }) => dedupKey === 'scan-failed')).toMatchObject({
      runbook: 'scan-failed',
      details: { failed: 3 },
      links: [{ href: 'http://127.0.0.1:8233/failed' }],
    })
    await database.superuser.query(`delete from attachments`)
    await later(600)
    await look()
    expect(said('scan-failed')).toEqual(['trigger', 'resolve'])
  })

  test('scans that failed, for as long as one stands at failed: days alone end it not, and the last replay does', async () => {
    await addEnded(2, 'failed')
    await database.superuser.query(`update attachments set ended_at = now() - interval '40 days'`)
    await look()
    expect(said('scan-failed')).toEqual(['trigger'])
    const replayOne = () =>
      database.superuser.query(
        `update attachments set state = 'scanning' where id = (select min(id::text)::uuid from attachments where state = 'failed')`,
      )
    for (const [act, expected] of [
      [() => Promise.resolve(), ['trigger', 'trigger']],
      [replayOne, ['trigger', 'trigger', 'trigger']],
      [replayOne, ['trigger', 'trigger', 'trigger', 'resolve']],
    ] as const) {
      await act()
      await later(90_000)
      await look()
      expect(said('scan-failed')).toEqual(expected)
    }
  })

  test('many files that nobody can look into, and not of a few, nor of what was looked into and is not wanted', async () => {
    await addEnded(burst - 1, 'refused', 'encrypted')
    await addEnded(burst, 'refused', 'type-not-allowed')
    await look()
    expect(said('unscannable-burst')).toEqual([])
    await addEnded(1, 'refused', 'engine-limits')
    await look()
    expect(said('unscannable-burst')).toEqual(['trigger'])
    await database.superuser.query(`update attachments set ended_at = now() - interval '2 hours'`)
    await later(3_600)
    await look()
    expect(said('unscannable-burst')).toEqual(['trigger', 'resolve'])
  })

  test('workflows that nobody starts', async () => {
    const add = (age: string) =>
      database.superuser.query(
        `insert into outbox (district_id, id, workflow_type, workflow_id, task_queue, input, created_at)
         values ($1, gen_random_uuid(), 'scanAttachment', gen_random_uuid(), 'q', '{}', now() - $2::interval)`,
        [district.districtId, age],
      )
    await add('1 minute')
    await look()
    expect(said('outbox-old')).toEqual([])
    await add('10 minutes')
    await look()
    expect(said('outbox-old')).toEqual(['trigger'])
    await database.superuser.query('update outbox set started_at = now()')
    await later(600)
    await look()
    expect(said('outbox-old')).toEqual(['trigger', 'resolve'])
  })
})

describe('an attack with malware', () => {
  const inspection = { verdict: 'infected', signature: 'Eicar', engine: 'e', databaseVersion: '1', sha256: '00' } as Inspection
  const tell = (attachmentId: string, districtId = district.districtId) =>
    inActivity(() =>
      createAlertInfected({ app, pager, temporal: { namespace: 'n', uiUrl: 'http://127.0.0.1:8233' }, malwareBurstCount: burst })(
        { districtId, attachmentId, attempt: 1 },
        inspection,
      ),
    )

  test('is a page a file at first, then one page for all that follow, and over when an hour passed without', async () => {
    const ids = Array.from({ length: burst + 5 }, () => newId())
    for (const id of ids) await tell(id)
    const keys = raised.map(({ dedupKey }) => dedupKey)
    expect(keys.slice(0, burst)).toEqual(ids.slice(0, burst).map((id) => `attachment-infected:${id}`))
    expect(new Set(keys.slice(burst))).toEqual(new Set(['malware-burst']))
    // Each file is named all the same.
    expect(raised.map(({ details }) => details['attachmentId'])).toEqual(ids)
    raised.splice(0)
    await look()
    expect(said('malware-burst')).toEqual([])
    await later(3_700)
    await look()
    expect(said('malware-burst')).toEqual(['resolve'])
  })

  test('is told of each file under one key, however often it is told', async () => {
    const ids = Array.from({ length: burst + 1 }, () => newId())
    for (const id of [...ids, ...ids]) await tell(id)
    expect(ids.map((id) => keysOf(id).size)).toEqual(ids.map(() => 1))
  })

  test('is not what our own test virus is', async () => {
    await tell(newId(), operationsDistrictId)
    expect(raised).toEqual([])
  })
})
