import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { acrossDistricts, withDistrict } from '../../db/openDatabase.ts'
import type { Database } from '../../db/openDatabase.ts'
import { columnClasses } from '../../db/dataClasses.ts'
import { District } from '../../db/entities/District.ts'
import { User } from '../../db/entities/User.ts'
import { openChannel } from '../../db/queries/openChannel.ts'
import { findRows } from '../../db/rows.ts'
import { createTestDatabase } from '../support/database.ts'
import type { TestDatabase } from '../support/database.ts'
import { createSampleDistrict } from './roster.ts'
import type { SampleDistrict } from './roster.ts'

let test: TestDatabase
let app: Database
let here: SampleDistrict
let there: SampleDistrict

beforeAll(async () => {
  test = await createTestDatabase()
  app = await test.open('app', 20)
  here = await createSampleDistrict(test.superuser)
  there = await createSampleDistrict(test.superuser)
})
afterAll(() => test.close())

const tables = Object.keys(columnClasses)
const districtColumn = (table: string): string => (table === 'districts' ? 'id' : 'district_id')

/** One row in every table of a district, so that a wall with a hole shows something. */
const fillEveryTable = async (district: SampleDistrict): Promise<void> => {
  const { districtId: d, teacherId, studentId } = district
  const opened = await withDistrict(app, d, (tx) => openChannel(tx, { teacherId, participantId: studentId, studentId }))
  const channelId = opened?.channel.id ?? ''
  await test.superuser.query(`insert into messages values ($1, $2, 1, $3, $4, '\\x00', now())`, [d, channelId, newId(), teacherId])
  await test.superuser.query(
    `insert into attachments (district_id, id, channel_id, uploader_id, state, file_name, content_type, bytes, incoming_key, ticket_expires_at)
     values ($1, $2, $3, $4, 'awaiting-upload', '\\x00', 'application/pdf', 1, $5, now())`,
    [d, newId(), channelId, teacherId, newId()],
  )
  await test.superuser.query(`insert into sessions (district_id, id, token_hash, user_id, expires_at) values ($1, $2, $3, $4, now())`, [
    d,
    newId(),
    randomBytes(32),
    teacherId,
  ])
  await test.superuser.query(
    `insert into grants (district_id, id, user_id, permission, author_id, begins) values ($1, $2, $3, 'audit', $3, now())`,
    [d, newId(), teacherId],
  )
  await test.superuser.query(
    `insert into outbox (district_id, id, workflow_type, workflow_id, task_queue, input) values ($1, $2, 'w', $3, 'q', '{}')`,
    [d, newId(), newId()],
  )
  await test.superuser.query(`insert into audit_batches values ($1, 1, '\\x00', '\\x00', 0, '{}', '\\x00', now(), '\\x00', '\\x00')`, [d])
  await test.superuser.query(
    `insert into audit_entries (district_id, id, at, actor_kind, actor, action, target_kind, target, details)
     values ($1, $2, now(), 'system', 'a', 'b', 'c', 'd', '{}')`,
    [d, newId()],
  )
  await test.superuser.query(`insert into bad_hashes values ($1, '\\x00', 's', 'e', '1', now())`, [d])
  await test.superuser.query(
    `insert into idempotency_keys (district_id, user_id, key, route, fingerprint, status) values ($1, $2, 'k', 'r', '\\x00', 'done')`,
    [d, teacherId],
  )
  await test.superuser.query(`insert into user_upload_usage values ($1, $2, 1, 1, now())`, [d, teacherId])
  await test.superuser.query(`insert into district_upload_usage values ($1, 1, 1, now())`, [d])
  await test.superuser.query(`insert into open_alerts (district_id, dedup_key) values ($1, 'k')`, [d])
  await test.superuser.query(`insert into last_successes (district_id, name) values ($1, 'n')`, [d])
  await test.superuser.query(`insert into keys.data_keys values ($1, 'columns', 1, '\\x00', now(), now(), null)`, [d])
  await test.superuser.query(`insert into keys.object_keys values ($1, $2, 'n', '\\x00', now())`, [d, newId()])
}

const districtsSeen = (database: Database, table: string, districtId: string | null): Promise<string[]> => {
  const look = async ({ db }: { db: Parameters<typeof findRows>[0] }): Promise<string[]> => {
    const rows = await findRows(db, sql<{ d: string }>`select distinct ${sql.ref(districtColumn(table))} as d from ${sql.table(table)}`)
    return rows.map(({ d }) => d)
  }
  return districtId === null ? acrossDistricts(database, look) : withDistrict(database, districtId, look)
}

describe('the wall between districts', () => {
  beforeAll(async () => {
    await fillEveryTable(here)
    await fillEveryTable(there)
  })

  it.each(tables)('shows the application nothing of %s when no district is named', async (table) => {
    expect(await districtsSeen(app, table, null)).toEqual([])
  })

  it.each(tables)('shows the application only the named district’s rows of %s', async (table) => {
    expect(await districtsSeen(app, table, here.districtId)).toEqual([here.districtId])
  })

  it.each(tables)('stands for the owner of %s too', async (table) => {
    const owner = await test.open('owner', 1)
    expect(await districtsSeen(owner, table, null)).toEqual([])
    await owner.close()
  })

  it('gives nothing for an id that is no district', async () => {
    expect(await districtsSeen(app, 'users', newId())).toEqual([])
  })

  it('refuses to write a row of another district', async () => {
    const insert = withDistrict(app, here.districtId, ({ db }) =>
      sql`insert into schools (district_id, id, sourced_id, name) values (${there.districtId}, ${newId()}, 'x', 'x')`.execute(db),
    )
    await expect(insert).rejects.toThrow('row-level security')
  })

  it('changes no row of another district, even when a query forgets to name one', async () => {
    await withDistrict(app, here.districtId, ({ db }) => sql`update districts set roster_version = 77`.execute(db))
    const { rows } = await test.superuser.query(`select id from districts where roster_version = 77`)
    expect(rows).toEqual([{ id: here.districtId }])
  })

  it('refuses a foreign key into another district, although such checks bypass row-level security', async () => {
    const insert = withDistrict(app, here.districtId, ({ db }) =>
      sql`insert into enrollments (district_id, id, sourced_id, user_id, section_id, role, begins, since_version)
          values (${here.districtId}, ${newId()}, 'x', ${there.teacherId}, ${here.sectionId}, 'teacher', now(), 1)`.execute(db),
    )
    await expect(insert).rejects.toThrow('foreign key')
  })

  it('holds for 2,000 simultaneous reads through one pool of connections', async () => {
    const reads = Array.from({ length: 2_000 }, async (_, index) => {
      const district = index % 2 ? here : there
      const seen = await withDistrict(app, district.districtId, ({ em }) => em.find(User, {}))
      return seen.every((user) => user.districtId === district.districtId) && seen.length > 0
    })
    expect((await Promise.all(reads)).every(Boolean)).toBe(true)
  })

  it('forgets the district when the transaction ends, committed or rolled back', async () => {
    const single = await test.open('app', 1)
    await withDistrict(single, here.districtId, ({ em }) => em.find(District, {}))
    await withDistrict(single, here.districtId, () => Promise.reject(new Error('stop'))).catch(() => undefined)
    expect(await districtsSeen(single, 'users', null)).toEqual([])
  })

  it('lets nobody name a district that is not a uuid', async () => {
    await expect(districtsSeen(app, 'users', `' or true --`)).rejects.toThrow('invalid input syntax for type uuid')
  })
})

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
    ['relay', 'select district_id, workflow_id, input from outbox'],
    ['sweeper', 'select district_id, id, state, incoming_key from attachments'],
    ['sweeper', 'select district_id from audit_entries where batch_number is null'],
    ['sweeper', 'select id from districts'],
    ['oncall', 'select district_id, id, state, attempt, signature from attachments'],
    ['oncall', 'select district_id, workflow_id, last_error_code from outbox'],
  ] as const)('let %s see across districts: %s', async (role, statement) => {
    expect((await ask(role, statement)).length).toBeGreaterThanOrEqual(2)
  })

  it.each([
    ['auth', 'select created_at from sessions'],
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
    ['support', 'select body from messages'],
    ['support', 'select file_name from attachments'],
    ['support', 'select given_name from users'],
    ['support', 'select email_hash from users'],
    ['support', 'select token_hash from sessions'],
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
    ['hold a start up', `update outbox set claimed_until = 'infinity'`],
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

describe('the audit log', () => {
  it.each([
    'delete from audit_entries',
    'truncate audit_entries',
    `update audit_entries set action = 'nothing'`,
    'delete from audit_batches',
    `update audit_batches set entry_count = 1`,
  ])('refuses the application: %s', async (statement) => {
    await expect(withDistrict(app, here.districtId, ({ db }) => sql.raw(statement).execute(db))).rejects.toThrow('permission denied')
  })

  it.each([
    'delete from audit_entries',
    'truncate audit_entries cascade',
    `update audit_entries set action = 'nothing'`,
    'delete from audit_batches',
  ])('refuses the owner: %s', async (statement) => {
    const owner = await test.open('owner', 1)
    await expect(withDistrict(owner, here.districtId, ({ db }) => sql.raw(statement).execute(db))).rejects.toThrow(
      'the audit log only grows',
    )
    await owner.close()
  })
})

it('begins no transaction inside another, which would run on its connection and as its role', async () => {
  const auth = await test.open('auth', 1)
  await expect(withDistrict(app, here.districtId, () => acrossDistricts(auth, () => Promise.resolve('seen')))).rejects.toThrow(
    'is open here',
  )
  await expect(
    withDistrict(app, here.districtId, () => withDistrict(app, there.districtId, () => Promise.resolve('seen'))),
  ).rejects.toThrow('is open here')
})
