import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { acrossDistricts } from '../../db/openDatabase.ts'
import { listWithdrawing } from '../../db/queries/listWithdrawing.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createSampleDistrict } from './roster.ts'

const waiting = 30
const atOnce = 10

let test: TestDatabase
beforeAll(async () => {
  test = await createTestDatabase()
  const { districtId, teacherId, studentId } = await createSampleDistrict(test.superuser)
  const channelId = newId()
  await test.superuser.query(
    `insert into channels (district_id, id, teacher_id, participant_id, student_id, school_year) values ($1, $2, $3, $4, $4, 2026)`,
    [districtId, channelId, teacherId, studentId],
  )
  await test.superuser.query(
    `insert into attachments (district_id, id, channel_id, uploader_id, state, verdict, file_name, content_type, bytes, incoming_key, ticket_expires_at,
       clean_key, withdrawn_by)
     select $1, gen_random_uuid(), $2, $3, 'quarantined', 'infected', '\\x00', 'text/plain', 1, gen_random_uuid(), now(), 'clean-' || n, 'run'
     from generate_series(1, $4) n`,
    [districtId, channelId, teacherId, waiting],
  )
})
afterAll(() => test?.close())

it('gives every withdrawal that is not through its turn, although as many as one round takes fail again and again', async () => {
  const sweeper = await test.open('sweeper', 1)
  const seen = new Set<string>()
  // Chance leaves one of them out after 200 rounds of a third each less often than once in 10^33.
  for (let round = 0; round < 200 && seen.size < waiting; round += 1) {
    const taken = await acrossDistricts(sweeper, (tx) => listWithdrawing(tx, atOnce))
    expect(taken).toHaveLength(atOnce)
    for (const { attachmentId } of taken) seen.add(attachmentId)
  }
  expect(seen.size).toBe(waiting)
})
