import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { acrossDistricts, withDistrict } from '../../db/openDatabase.ts'
import type { Database } from '../../db/openDatabase.ts'
import { findRows } from '../../db/rows.ts'
import { createTestDatabase } from '../support/database.ts'
import type { TestDatabase } from '../support/database.ts'
import { createSampleDistrict } from './roster.ts'
import type { SampleDistrict } from './roster.ts'
import { fillEveryTable } from './fillEveryTable.ts'

let test: TestDatabase
let app: Database
let here: SampleDistrict
let there: SampleDistrict

beforeAll(async () => {
  test = await createTestDatabase()
  app = await test.open('app', 20)
  here = await createSampleDistrict(test.superuser)
  there = await createSampleDistrict(test.superuser)
  await fillEveryTable(test, app, here)
  await fillEveryTable(test, app, there)
})
afterAll(() => test.close())

const ask = async (
  role: 'auth' | 'relay' | 'sweeper' | 'support' | 'oncall',
  statement: string,
  districtId?: string,
): Promise<unknown[]> => {
  const database = await test.open(role, 1)
  const look = ({ db }: { db: Parameters<typeof findRows>[0] }) => findRows(db, sql.raw<object>(statement))
  try {
    return await (districtId === undefined ? acrossDistricts(database, look) : withDistrict(database, districtId, look))
  } finally {
    await database.close()
  }
}

describe('the windows in the wall', () => {
  it.each([
    ['auth', 'select district_id, user_id from sessions'],
    ['auth', 'select district_id, id, secret_hash from api_clients'],
    ['auth', 'select district_id, client_id from client_tokens'],
    ['relay', 'select district_id, workflow_id, input from outbox'],
    ['sweeper', 'select district_id, id, state, incoming_key from attachments'],
    ['sweeper', 'select district_id from audit_entries where batch_number is null'],
    ['sweeper', 'select id from districts'],
    ['sweeper', 'select district_id, id, state, object_key from roster_syncs'],
    ['sweeper', 'select district_id from announcements where scope_computed_at is null'],
    ['oncall', 'select district_id, id, state, attempt, signature from attachments'],
    ['oncall', 'select district_id, workflow_id, last_error_code from outbox'],
    ['oncall', 'select district_id, id, state, removals from roster_syncs'],
    ['oncall', 'select district_id, lines from roster_sync_counts'],
    ['oncall', 'select district_id, id, message_id, language, state, attempt, reason, characters from translations'],
    ['sweeper', 'select district_id, id, message_id, language, state, attempt from translations'],
  ] as const)('let %s see across districts: %s', async (role, statement) => {
    expect((await ask(role, statement)).length).toBeGreaterThanOrEqual(2)
  })

  it.each([
    ['auth', 'select created_at from sessions'],
    ['auth', 'select name from api_clients'],
    ['auth', 'update api_clients set ended_at = null'],
    ['auth', 'delete from client_tokens'],
    ['auth', 'select id from users'],
    ['auth', 'update sessions set ended_at = null'],
    ['relay', 'update outbox set input = input'],
    ['relay', 'delete from outbox'],
    ['relay', 'select id from attachments'],
    ['sweeper', 'select file_name from attachments'],
    ['sweeper', 'select * from attachments'],
    ['sweeper', `update attachments set state = 'clean'`],
    ['sweeper', 'select actor from audit_entries'],
    ['sweeper', 'select body from messages'],
    ['sweeper', 'select body from announcements'],
    ['sweeper', 'select author_id from announcements'],
    ['sweeper', 'select author from roster_syncs'],
    ['sweeper', `update roster_syncs set state = 'queued'`],
    ['oncall', 'select file_name from attachments'],
    ['oncall', 'select uploader_id from attachments'],
    ['oncall', 'select sha256 from attachments'],
    ['oncall', `update attachments set verdict = 'clean'`],
    ['oncall', `update attachments set clean_key = 'x'`],
    ['oncall', 'delete from attachments'],
    ['oncall', 'update outbox set started_at = now()'],
    ['oncall', 'delete from outbox'],
    ['oncall', `update bad_hashes set signature = 'x'`],
    ['oncall', 'select reason from audit_entries'],
    ['oncall', 'update audit_entries set batch_number = null'],
    ['oncall', 'select body from messages'],
    ['oncall', 'select id from users'],
    ['oncall', 'select id from sessions'],
    ['oncall', 'select wrapped from keys.object_keys'],
    ['oncall', 'select author from roster_syncs'],
    ['oncall', 'select object_key from roster_syncs'],
    ['oncall', 'update roster_syncs set roster_version = 1'],
    ['oncall', 'update roster_syncs set source_at = now()'],
    ['oncall', 'delete from roster_syncs'],
    ['oncall', 'select subject_id from suspensions'],
    ['oncall', 'select version from roster_changes'],
    ['oncall', 'select body from translations'],
    ['oncall', 'select lost from translations'],
    ['oncall', 'select * from translations'],
    ['oncall', 'update translations set body = null'],
    ['oncall', `update translations set language = 'fr'`],
    ['oncall', 'update translations set characters = 0'],
    ['oncall', 'insert into translations select * from translations'],
    ['oncall', 'delete from translations'],
    ['oncall', 'select student_id from translation_refusals'],
    ['oncall', 'delete from translation_refusals'],
    ['oncall', 'update translation_usage set characters = 0'],
    ['sweeper', 'select body from translations'],
    ['sweeper', `update translations set state = 'failed'`],
    ['sweeper', 'select student_id from translation_refusals'],
    ['support', 'select body from messages'],
    ['support', 'select body from translations'],
    ['support', 'select file_name from attachments'],
    ['support', 'select given_name from users'],
    ['support', 'select email_hash from users'],
    ['support', 'select token_hash from sessions'],
    ['support', 'select id from api_clients'],
    ['support', 'select id from client_tokens'],
    ['support', 'select wrapped from keys.data_keys'],
    ['support', `update attachments set state = 'clean'`],
  ] as const)('refuse %s: %s', async (role, statement) => {
    await expect(ask(role, statement, here.districtId)).rejects.toThrow('permission denied')
  })

  it('show on-call no other district’s audit log, and let it change no other district’s rows', async () => {
    const seen = await ask('oncall', 'select distinct district_id as d from audit_entries', here.districtId)
    expect(seen).toEqual([{ d: here.districtId }])
    expect(await ask('oncall', 'select district_id from audit_entries')).toEqual([])
    expect(await ask('oncall', 'update attachments set attempt = attempt + 1 returning district_id')).toEqual([])
    expect(await ask('oncall', 'update outbox set claimed_until = null returning district_id')).toEqual([])
    expect(await ask('oncall', 'update translations set attempt = attempt + 1 returning district_id')).toEqual([])
    await test.superuser.query(`update attachments set state = 'failed'`)
    const changed = await ask(
      'oncall',
      `update attachments set state = 'scanning', attempt = attempt returning district_id as d`,
      here.districtId,
    )
    await test.superuser.query(`update attachments set state = 'awaiting-upload'`)
    expect(new Set(changed.map((row) => (row as { d: string }).d))).toEqual(new Set([here.districtId]))
  })

  it.each([
    ['open a file that is closed', `update attachments set state = 'clean', attempt = attempt`],
    ['end a scan', `update attachments set state = 'deleted'`],
    ['call a sync applied', `update roster_syncs set state = 'applied'`],
    ['approve what is held', `update roster_syncs set removals = 'approving'`],
    ['hold a start up', `update outbox set claimed_until = 'infinity'`],
    ['call a translation done', `update translations set state = 'done'`],
    ['end a translation', `update translations set state = 'failed', reason = 'unavailable', finished_at = now()`],
    [
      'ask for anything but a scan',
      `insert into outbox (district_id, id, workflow_type, workflow_id, task_queue, input)
       values (current_setting('app.district_id')::uuid, gen_random_uuid(), 'removeAttachment', 'w', 'q', '{}')`,
    ],
    [
      'write down that somebody else did it',
      `insert into audit_entries (district_id, id, at, actor_kind, actor, action, target_kind, target, details)
       values (current_setting('app.district_id')::uuid, gen_random_uuid(), now(), 'user', 'x', 'a', 'k', 't', '{}')`,
    ],
    [
      'write down what is never sealed',
      `insert into audit_entries (district_id, id, at, actor_kind, actor, action, target_kind, target, details, batch_number)
       values (current_setting('app.district_id')::uuid, gen_random_uuid(), now(), 'staff', 'x', 'a', 'k', 't', '{}', 1)`,
    ],
  ])('do not let on-call %s', async (_what, statement) => {
    await test.superuser.query(`update attachments set state = 'scanning'`)
    try {
      await expect(ask('oncall', statement, here.districtId)).rejects.toThrow('row-level security')
    } finally {
      await test.superuser.query(`update attachments set state = 'awaiting-upload'`)
    }
  })

  it.each(['oncall', 'app', 'owner'] as const)('let %s write down no act as of another time', async (role) => {
    const database = await test.open(role, 1)
    const { rows } = await withDistrict(database, here.districtId, ({ db }) =>
      sql<{ off: number }>`
        insert into audit_entries (district_id, id, at, actor_kind, actor, action, target_kind, target, details)
        values (${here.districtId}, gen_random_uuid(), now() - interval '3 days', 'staff', 'x', 'a', 'k', 't', '{}')
        returning extract(epoch from at - statement_timestamp())::float8 as off`.execute(db),
    )
    await database.close()
    // By the clock of the database, and in the same statement: seconds on a busy machine, never days.
    expect(Math.abs(rows[0]?.off ?? Infinity)).toBeLessThan(3_600)
  })

  it('let on-call replay nothing that was taken back, removed or never came', async () => {
    expect(await ask('oncall', `update attachments set state = 'scanning' returning id`, here.districtId)).toEqual([])
  })

  it('show support the views of the district it works on, and no other’s', async () => {
    const rows = (await ask('support', 'select * from support.attachments', here.districtId)) as Array<Record<string, unknown>>
    expect(new Set(rows.map((row) => row['district_id']))).toEqual(new Set([here.districtId]))
    expect(Object.keys(rows[0] ?? {})).not.toContain('file_name')
    expect(await ask('support', 'select * from support.attachments')).toEqual([])
  })
})
