import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Problem } from '../../api/problem.ts'
import { readDistrict } from '../../db/openDatabase.ts'
import { operationsDistrictId } from '../../db/operationsDistrict.ts'
import { findUploadLimits } from '../../db/queries/findUploadLimits.ts'
import { scanPressureLimits } from '../../domain/scanPressure.ts'
import { type ApiAnswer, type Caller } from '../support/callApi.ts'
import { withCanary } from '../support/canary.ts'
import { openRoom, type Room } from '../support/openRoom.ts'

let room: Room
let database: Room['database']
let api: Room['api']
let district: Room['district']
let teacher: Caller
let student: Caller
let channelId: string

beforeAll(async () => {
  room = await openRoom()
  ;({ database, api, district, teacher, student, channelId } = room)
})

afterAll(() => room?.close())

const plenty = {
  upload_bytes_max: 1_000,
  person_files_per_day: 1_000,
  person_bytes_per_day: 1_000_000,
  person_uploads_in_flight: 1_000,
  district_files_per_day: 20_000,
  district_bytes_per_day: 20_000_000,
  district_uploads_in_flight: 20_000,
}

/** Sets the district's quotas and forgets what was sent. */
const allow = async (quotas: Partial<typeof plenty>): Promise<void> => {
  const columns = Object.entries({ ...plenty, ...quotas })
  await database.superuser.query(
    `update districts set ${columns.map(([column], at) => `${column} = $${at + 2}`).join(', ')} where id = $1`,
    [district.districtId, ...columns.map(([, value]) => value)],
  )
}

beforeEach(async () => {
  await allow({})
  for (const table of ['user_upload_usage', 'district_upload_usage', 'attachments']) await database.superuser.query(`delete from ${table}`)
})

const ask = (caller: Caller, bytes = 10, headers: Record<string, string> = {}) =>
  caller<{ attachment: { id: string } } & Problem>(
    'POST',
    `/v1/channels/${channelId}/attachments`,
    { fileName: `${withCanary('page')}.txt`, contentType: 'text/plain', bytes },
    headers,
  )
/** A busy database says "try again", and a client does, with the same key. */
const askPatiently = async (caller: Caller, bytes?: number) => {
  const key = { 'Idempotency-Key': randomUUID() }
  for (;;) {
    const answer = await ask(caller, bytes, key)
    if (answer.status !== 503 && answer.status !== 409) return answer
  }
}
const askMany = (caller: Caller, times: number, bytes?: number) =>
  Promise.all(Array.from({ length: times }, () => askPatiently(caller, bytes)))
const taken = (answers: ApiAnswer<unknown>[]) => answers.filter(({ status }) => status === 201).length
const codesOf = (answers: ApiAnswer<Problem>[]) => new Set(answers.filter(({ status }) => status !== 201).map(({ body }) => body.code))
const countRows = async () => Number((await database.superuser.query('select count(*) from attachments')).rows[0].count)

describe('what one person may send', () => {
  test('is never exceeded in number, however many ask at once', async () => {
    await allow({ person_files_per_day: 7 })
    const answers = await askMany(teacher, 25)
    expect(taken(answers)).toBe(7)
    expect(codesOf(answers)).toEqual(new Set(['person-upload-quota']))
    expect(await countRows()).toBe(7)
  })

  test('is never exceeded in bytes, and a smaller file may still fit', async () => {
    await allow({ person_bytes_per_day: 1_000 })
    const answers = await askMany(teacher, 12, 300)
    expect(taken(answers)).toBe(3)
    expect((await ask(teacher, 90)).status).toBe(201)
  })

  test('is never exceeded in flight, and an upload that ends makes room', async () => {
    await allow({ person_uploads_in_flight: 4 })
    const answers = await askMany(teacher, 15)
    expect(taken(answers)).toBe(4)
    expect(codesOf(answers)).toEqual(new Set(['too-many-uploads-in-flight']))
    await teacher('DELETE', `/v1/attachments/${answers.find(({ status }) => status === 201)?.body.attachment.id}`)
    expect((await ask(teacher)).status).toBe(201)
    expect((await ask(teacher)).status).toBe(429)
  })

  test('comes back with time, and the answer says when', async () => {
    await allow({ person_files_per_day: 24 })
    await askMany(teacher, 24)
    const refused = await ask(teacher)
    const seconds = Number(refused.headers.get('Retry-After'))
    expect(seconds).toBeGreaterThan(3_000)
    expect(seconds).toBeLessThanOrEqual(3_600)
    await database.superuser.query(`update user_upload_usage set as_of = as_of - make_interval(secs => $1)`, [seconds])
    expect((await ask(teacher)).status).toBe(201)
    expect((await ask(teacher)).status).toBe(429)
  })

  test('does not grow by taking files back', async () => {
    await allow({ person_files_per_day: 3 })
    for (let turn = 0; turn < 3; turn += 1) {
      const { body } = await ask(teacher)
      expect((await teacher('DELETE', `/v1/attachments/${body.attachment.id}`)).status).toBe(204)
    }
    expect((await ask(teacher)).body.code).toBe('person-upload-quota')
  })

  test('is not used up by what was refused, nor by the same request sent again', async () => {
    await allow({ person_files_per_day: 2 })
    expect((await ask(teacher, 2_000)).status).toBe(413)
    const unseen = await teacher('POST', `/v1/channels/${district.studentId}/attachments`, {
      fileName: 'a.txt',
      contentType: 'text/plain',
      bytes: 1,
    })
    expect(unseen.status).toBe(404)
    const once = { 'Idempotency-Key': 'the-same-request' }
    const first = await ask(teacher, 10, once)
    expect((await ask(teacher, 10, once)).body.attachment.id).toBe(first.body.attachment.id)
    expect((await ask(teacher)).status).toBe(201)
    expect((await ask(teacher)).status).toBe(429)
  })

  test('is shown before anyone picks a file', async () => {
    await allow({ person_files_per_day: 9, person_bytes_per_day: 5_000, person_uploads_in_flight: 6 })
    expect((await teacher('GET', '/v1/upload-limits')).body).toMatchObject({ filesPerDay: 9, bytesPerDay: 5_000, uploadsInFlight: 6 })
  })
})

describe('what a district may send', () => {
  test('is never exceeded, however many people ask at once', async () => {
    await allow({ person_files_per_day: 1, district_files_per_day: 20 })
    await database.superuser.query('insert into district_upload_usage values ($1, 19, 0, now())', [district.districtId])
    const answers = await Promise.all([ask(teacher), ask(student)])
    expect(taken(answers)).toBe(1)
    expect(codesOf(answers)).toEqual(new Set(['district-upload-quota']))
    expect(await countRows()).toBe(1)
  })

  test('is not charged for what the person may not send', async () => {
    await allow({ person_files_per_day: 1 })
    await askMany(teacher, 5)
    const { rows } = await database.superuser.query('select round(files)::int as files from district_upload_usage')
    expect(rows).toEqual([{ files: 1 }])
  })

  test('cannot be used up by one person: nobody has more than a twentieth', async () => {
    await expect(allow({ person_files_per_day: 1_001, district_files_per_day: 20_000 })).rejects.toThrow(
      'districts_person_upload_share_check',
    )
    await expect(allow({ person_bytes_per_day: 2_000_000 })).rejects.toThrow('districts_person_upload_share_check')
    await expect(allow({ person_uploads_in_flight: 1_001 })).rejects.toThrow('districts_person_upload_share_check')
  })

  test('does not keep another person from sending once one has used up their own', async () => {
    await allow({ person_files_per_day: 2 })
    await askMany(teacher, 6)
    expect((await ask(student)).status).toBe(201)
  })
})

const wait = (count: number, seconds: number) =>
  database.superuser.query(
    `insert into attachments (district_id, id, channel_id, uploader_id, state, file_name, content_type, bytes, incoming_key, ticket_expires_at, upload_completed_at)
     select $1, gen_random_uuid(), $2, $3, 'scanning', '\\x00', 'text/plain', 1, 'in/' || gen_random_uuid(), now(), now() - make_interval(secs => $5)
     from generate_series(1, $4)`,
    [district.districtId, channelId, district.studentId, count, seconds],
  )

/** The load is asked for once a second. */
const askAnew = async () => {
  await new Promise((resolve) => setTimeout(resolve, 1_050))
  return ask(teacher)
}

describe('while scans are behind', () => {
  test('new uploads are turned away with a time to come back, uploads under way go on, and new ones are taken again afterwards', async () => {
    const underWay = await askAnew()
    expect(underWay.status).toBe(201)
    await wait(scanPressureLimits.lateMin, scanPressureLimits.lateAfterSeconds + 1)
    const refused = await askAnew()
    expect(refused).toMatchObject({ status: 429, body: { code: 'uploads-paused' } })
    expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThanOrEqual(15)
    expect((await teacher('POST', `/v1/attachments/${underWay.body.attachment.id}/complete`)).status).toBe(202)
    await database.superuser.query(`update attachments set state = 'failed', scanned_at = now()`)
    expect((await askAnew()).status).toBe(201)
  })

  test('a handful of files that nobody can scan stops nobody', async () => {
    await wait(scanPressureLimits.lateMin - 1, 3_600)
    expect((await askAnew()).status).toBe(201)
  })
})

test('the operations district, whose uploads are our own, has no quota', async () => {
  const isLimited: boolean[] = []
  for (const districtId of [operationsDistrictId, district.districtId]) {
    isLimited.push((await readDistrict(api.deps.app, districtId, findUploadLimits)).isLimited)
  }
  expect(isLimited).toEqual([false, true])
})
