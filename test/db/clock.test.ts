import { v7 as newId } from 'uuid'
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sql } from 'kysely'
import { setTimeout as sleep } from 'node:timers/promises'
import { withDistrict } from '../../db/openDatabase.ts'
import type { Database } from '../../db/openDatabase.ts'
import { findChannel } from '../../db/queries/findChannel.ts'
import { listChannels } from '../../db/queries/listChannels.ts'
import { openChannel } from '../../db/queries/openChannel.ts'
import { postMessage } from '../../db/queries/postMessage.ts'
import { createTestDatabase } from '../support/database.ts'
import type { TestDatabase } from '../support/database.ts'
import { addEnrollment, createSampleDistrict, schoolYear } from './roster.ts'
import type { SampleDistrict } from './roster.ts'

let test: TestDatabase
let app: Database

beforeAll(async () => {
  test = await createTestDatabase()
  app = await test.open('app')
})
afterAll(() => test.close())

const openWithGuardian = async (district: SampleDistrict): Promise<string> => {
  const { districtId, teacherId, guardianId, studentId } = district
  const opened = await withDistrict(app, districtId, (tx) => openChannel(tx, { teacherId, participantId: guardianId, studentId }))
  return opened?.channel.id ?? ''
}

/** Whether each way to the channel is open: its facts, the list, a post by either side. They must never disagree. */
const isOpen = async (district: SampleDistrict, channelId: string): Promise<boolean> => {
  const { districtId, teacherId, guardianId } = district
  const answers = new Set<boolean>()
  for (const actorId of [teacherId, guardianId]) {
    await withDistrict(app, districtId, async (tx) => {
      answers.add((await findChannel(tx, { channelId, actorId }))?.relation === 'rostered')
      answers.add((await listChannels(tx, { actorId, limit: 10 })).some(({ channel }) => channel.id === channelId))
      const posted = await postMessage(tx, { id: newId(), channelId, authorId: actorId, body: randomBytes(30), attachmentIds: [] })
      answers.add(posted.outcome === 'posted')
    })
  }
  if (answers.size !== 1) throw new Error('the ways to the channel disagree')
  return answers.has(true)
}

/** Today in a time zone, moved by some days, by the database's clock. */
const day = (timeZone: string, days: number): string => `((statement_timestamp() at time zone '${timeZone}')::date + ${days})`

const change = (text: string, id: string) => test.superuser.query(text, [id])

describe('access by the calendar, with no sync at all', () => {
  // Two zones whose dates always differ from each other, so that one of them differs from the server's.
  it.each(['Pacific/Kiritimati', 'Pacific/Pago_Pago', 'America/New_York'])('ends on the day the term ends in %s', async (timeZone) => {
    const district = await createSampleDistrict(test.superuser, { timeZone })
    const channelId = await openWithGuardian(district)
    await change(`update terms set ends = ${day(timeZone, 1)} where id = $1`, district.termId)
    expect(await isOpen(district, channelId)).toBe(true)
    await change(`update terms set ends = ${day(timeZone, 0)} where id = $1`, district.termId)
    expect(await isOpen(district, channelId)).toBe(false)
  })

  it.each(['Pacific/Kiritimati', 'Pacific/Pago_Pago'])('begins on the day the enrollment begins in %s', async (timeZone) => {
    const district = await createSampleDistrict(test.superuser, { timeZone })
    const channelId = await openWithGuardian(district)
    await change(`update enrollments set begins = ${day(timeZone, 1)} where id = $1`, district.learningId)
    expect(await isOpen(district, channelId)).toBe(false)
    await change(`update enrollments set begins = ${day(timeZone, 0)} where id = $1`, district.learningId)
    expect(await isOpen(district, channelId)).toBe(true)
  })

  it.each([
    ['the student’s enrollment', 'enrollments', 'learningId'],
    ['the teacher’s enrollment', 'enrollments', 'teachingId'],
    ['the guardianship', 'guardianships', 'guardingId'],
  ] as const)('ends on the first day on which %s no longer holds', async (_, table, id) => {
    const district = await createSampleDistrict(test.superuser)
    const channelId = await openWithGuardian(district)
    await change(`update ${table} set ends = ${day('America/Denver', 1)} where id = $1`, district[id])
    expect(await isOpen(district, channelId)).toBe(true)
    await change(`update ${table} set ends = ${day('America/Denver', 0)} where id = $1`, district[id])
    expect(await isOpen(district, channelId)).toBe(false)
  })
})

describe('access by the roster', () => {
  it.each([
    ['the student is removed from the section', `update enrollments set until_version = 2 where id = $1`, 'learningId'],
    ['the teacher is removed from the section', `update enrollments set until_version = 2 where id = $1`, 'teachingId'],
    ['the guardianship is removed', `update guardianships set until_version = 2 where id = $1`, 'guardingId'],
    ['custody is denied', `update guardianships set custody = 'denied' where id = $1`, 'guardingId'],
    ['custody becomes unknown', `update guardianships set custody = 'unknown' where id = $1`, 'guardingId'],
    ['the teacher is no longer active', `update users set is_active = false where id = $1`, 'teacherId'],
    ['the student is no longer active', `update users set is_active = false where id = $1`, 'studentId'],
    ['the guardian is no longer active', `update users set is_active = false where id = $1`, 'guardianId'],
    ['the teacher becomes an aide', `update enrollments set role = 'aide' where id = $1`, 'teachingId'],
  ] as const)('ends for both sides when %s', async (_, statement, id) => {
    const district = await createSampleDistrict(test.superuser)
    const channelId = await openWithGuardian(district)
    expect(await isOpen(district, channelId)).toBe(true)
    await change(statement, district[id])
    expect(await isOpen(district, channelId)).toBe(false)
  })

  it('stays while one of two sections still connects the pair', async () => {
    const district = await createSampleDistrict(test.superuser)
    const { districtId, teacherId, studentId } = district
    const channelId = await openWithGuardian(district)
    const sectionId = newId()
    await test.superuser.query(
      `insert into sections select district_id, $2, 'section-2', school_id, course_id, title from sections where id = $1`,
      [district.sectionId, sectionId],
    )
    await test.superuser.query('insert into section_terms values ($1, $2, $3)', [districtId, sectionId, district.termId])
    await addEnrollment(test.superuser, districtId, { id: newId(), userId: teacherId, sectionId, role: 'teacher' })
    await addEnrollment(test.superuser, districtId, { id: newId(), userId: studentId, sectionId, role: 'student' })
    await change('update enrollments set until_version = 2 where id = $1', district.learningId)
    expect(await isOpen(district, channelId)).toBe(true)
  })

  it('opens a new channel in a new school year and leaves the old one closed', async () => {
    const district = await createSampleDistrict(test.superuser)
    const before = await openWithGuardian(district)
    await change(`update terms set school_year = ${schoolYear + 1} where id = $1`, district.termId)
    expect(await isOpen(district, before)).toBe(false)
    const after = await openWithGuardian(district)
    expect(after).not.toBe(before)
    expect(await isOpen(district, after)).toBe(true)
  })
})

describe('a transaction', () => {
  it('that stalls behind its decision is not committed, and gives its place in the pool back', async () => {
    const district = await createSampleDistrict(test.superuser)
    const { districtId, teacherId } = district
    const channelId = await openWithGuardian(district)
    const id = newId()
    const single = await test.open('app', 1)
    const stalled = withDistrict(
      single,
      districtId,
      async (tx) => {
        await postMessage(tx, { id, channelId, authorId: teacherId, body: randomBytes(1), attachmentIds: [] })
        await sleep(600)
      },
      { transactionTimeoutMs: 200 },
    )
    await expect(stalled).rejects.toThrow()
    expect((await test.superuser.query('select 1 from messages where id = $1', [id])).rows).toEqual([])
    const next = await withDistrict(single, districtId, (tx) => findChannel(tx, { channelId, actorId: teacherId }))
    expect(next?.channel.id).toBe(channelId)
  })

  it('has five seconds unless it is told otherwise, and each of its statements two', async () => {
    const { districtId } = await createSampleDistrict(test.superuser)
    const limits = sql<object>`select current_setting('transaction_timeout') as "all", current_setting('statement_timeout') as each`
    const { rows } = await withDistrict(app, districtId, ({ db }) => limits.execute(db))
    expect(rows).toEqual([{ all: '5s', each: '2s' }])
  })
})
