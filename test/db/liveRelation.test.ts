import { sql } from 'kysely'
import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withDistrict } from '../../db/openDatabase.ts'
import type { Database } from '../../db/openDatabase.ts'
import { liveChannelsOf, livePartners, liveSchoolYears } from '../../db/queries/liveRelation.ts'
import { findRows } from '../../db/rows.ts'
import { createTestDatabase } from '../support/database.ts'
import type { TestDatabase } from '../support/database.ts'
import { addEnrollment, addUser, createSampleDistrict, schoolYear } from './roster.ts'
import type { SampleDistrict } from './roster.ts'

let test: TestDatabase
let app: Database

beforeAll(async () => {
  test = await createTestDatabase()
  app = await test.open('app')
})
afterAll(() => test.close())

type Channel = { teacher: string; participant: string; student: string; year: number }
const columns = sql`live.teacher_id as teacher, live.participant_id as participant, live.student_id as student, live.school_year as year`

/** The years in which the roster connects these three today. Every way to ask must answer the same. */
const yearsOf = (district: SampleDistrict, people: { teacher: string; participant: string; student: string }): Promise<number[]> =>
  withDistrict(app, district.districtId, async ({ db, districtId }) => {
    const { teacher, participant, student } = people
    const isAsked = (row: Channel) => row.teacher === teacher && row.participant === participant && row.student === student
    const toYears = (rows: Channel[]) => [...new Set(rows.filter(isAsked).map(({ year }) => year))].toSorted((a, b) => a - b)
    const three = { teacher: sql`${teacher}::uuid`, participant: sql`${participant}::uuid`, student: sql`${student}::uuid` }
    const direct = await findRows(db, sql<{ year: number }>`select school_year as year from (${liveSchoolYears(districtId, three)}) live`)
    const ofPair = liveChannelsOf(districtId, (asked) => sql`${asked.teacher} = ${teacher} and ${asked.student} = ${student}`)
    const answers = [
      toYears(direct.map(({ year }) => ({ ...people, year }))),
      toYears(await findRows(db, sql<Channel>`select ${columns} from ${livePartners(districtId, teacher)} live`)),
      toYears(await findRows(db, sql<Channel>`select ${columns} from ${livePartners(districtId, participant)} live`)),
      toYears(await findRows(db, sql<Channel>`select ${columns} from ${ofPair} live`)),
    ]
    if (new Set(answers.map(String)).size !== 1) throw new Error(`the ways to ask disagree: ${JSON.stringify(answers)}`)
    return answers[0] ?? []
  })

const change = (text: string, values: unknown[]) => test.superuser.query(text, values)
const pair = ({ teacherId, studentId }: SampleDistrict) => ({ teacher: teacherId, participant: studentId, student: studentId })
const withGuardian = ({ teacherId, studentId, guardianId }: SampleDistrict) => ({
  teacher: teacherId,
  participant: guardianId,
  student: studentId,
})

const suspend = async ({ districtId }: SampleDistrict, subject: string, subjectId: string): Promise<void> => {
  const syncId = newId()
  await change(
    `insert into roster_syncs (district_id, id, origin, state, object_key, author_kind, author) values ($1, $2, 'upload', 'queued', 'k', 'client', 'c')`,
    [districtId, syncId],
  )
  await change('insert into suspensions values ($1, $2, $3, $4)', [districtId, subjectId, syncId, subject])
}

const addTerm = async ({ districtId, sectionId }: SampleDistrict, begins: number, ends: number, year = schoolYear): Promise<string> => {
  const termId = newId()
  await change(
    `insert into terms (district_id, id, sourced_id, title, begins, ends, school_year)
     values ($1, $2::uuid, $2::uuid::text, 'Term', current_date + $3::int, current_date + $4::int, $5)`,
    [districtId, termId, begins, ends, year],
  )
  await change('insert into section_terms values ($1, $2, $3)', [districtId, sectionId, termId])
  return termId
}

const connect = async (district: SampleDistrict, providerId: string, ends = 30): Promise<string> => {
  const id = newId()
  await change(
    `insert into provider_connections (district_id, id, provider_id, student_id, author_id, begins, ends, since_version)
     values ($1, $2, $3, $4, $3, current_date - 30, (statement_timestamp() at time zone 'America/Denver')::date + $5::int, 1)`,
    [district.districtId, id, providerId, district.studentId, ends],
  )
  return id
}

describe('what the brake holds', () => {
  it.each([
    ['the student’s enrollment', 'enrollment', 'learningId'],
    ['the teacher’s enrollment', 'enrollment', 'teachingId'],
    ['the guardianship', 'guardianship', 'guardingId'],
    ['the student', 'user', 'studentId'],
    ['the teacher', 'user', 'teacherId'],
    ['the guardian', 'user', 'guardianId'],
    ['the section', 'section', 'sectionId'],
    ['the term', 'term', 'termId'],
  ] as const)('connects nobody by %s, and does again when the suspension goes', async (_, subject, id) => {
    const district = await createSampleDistrict(test.superuser)
    expect(await yearsOf(district, withGuardian(district))).toEqual([schoolYear])
    await suspend(district, subject, district[id])
    expect(await yearsOf(district, withGuardian(district))).toEqual([])
    await change('delete from suspensions where subject_id = $1', [district[id]])
    expect(await yearsOf(district, withGuardian(district))).toEqual([schoolYear])
  })

  it('stays held while one of two syncs still holds it', async () => {
    const district = await createSampleDistrict(test.superuser)
    await suspend(district, 'enrollment', district.learningId)
    await suspend(district, 'enrollment', district.learningId)
    const held = 'delete from suspensions where ctid = (select ctid from suspensions where subject_id = $1 limit 1)'
    await change(held, [district.learningId])
    expect(await yearsOf(district, pair(district))).toEqual([])
    await change(held, [district.learningId])
    expect(await yearsOf(district, pair(district))).toEqual([schoolYear])
  })
})

describe('a section', () => {
  it('of several terms connects while one of them runs, in the school year of that one', async () => {
    const district = await createSampleDistrict(test.superuser)
    await change('update terms set ends = current_date - 10 where id = $1', [district.termId])
    expect(await yearsOf(district, pair(district))).toEqual([])
    await addTerm(district, 20, 40)
    expect(await yearsOf(district, pair(district))).toEqual([])
    const running = await addTerm(district, -5, 15, schoolYear + 1)
    expect(await yearsOf(district, pair(district))).toEqual([schoolYear + 1])
    await change('update terms set is_active = false where id = $1', [running])
    expect(await yearsOf(district, pair(district))).toEqual([])
  })

  it('that the district’s feed no longer has connects nobody, and one without a term neither', async () => {
    const district = await createSampleDistrict(test.superuser)
    await change('update sections set is_active = false where id = $1', [district.sectionId])
    expect(await yearsOf(district, pair(district))).toEqual([])
    await change('update sections set is_active = true where id = $1', [district.sectionId])
    expect(await yearsOf(district, pair(district))).toEqual([schoolYear])
    await change('delete from section_terms where section_id = $1', [district.sectionId])
    expect(await yearsOf(district, pair(district))).toEqual([])
  })
})

it('rows without a first day hold from ever', async () => {
  const district = await createSampleDistrict(test.superuser)
  await change('update enrollments set begins = null where district_id = $1', [district.districtId])
  await change('update guardianships set begins = null where district_id = $1', [district.districtId])
  expect(await yearsOf(district, withGuardian(district))).toEqual([schoolYear])
})

describe('a service provider', () => {
  it('stands where a teacher does, with the student and with the guardians, and no longer on the connection’s last day', async () => {
    const district = await createSampleDistrict(test.superuser)
    const provider = { ...district, teacherId: district.strangerId }
    expect(await yearsOf(district, pair(provider))).toEqual([])
    const id = await connect(district, district.strangerId, 1)
    expect(await yearsOf(district, pair(provider))).toEqual([schoolYear])
    expect(await yearsOf(district, withGuardian(provider))).toEqual([schoolYear])
    await change(`update provider_connections set ends = ends - 1 where id = $1`, [id])
    expect(await yearsOf(district, pair(provider))).toEqual([])
  })

  it.each([
    ['the connection is ended', `update provider_connections set until_version = 2 where provider_id = $1`],
    ['the provider is no longer active', `update users set is_active = false where id = $1`],
    [
      'no term runs in the district',
      `update terms set ends = current_date - 1 where district_id = (select district_id from users where id = $1)`,
    ],
  ] as const)('is connected with nobody when %s', async (_, text) => {
    const district = await createSampleDistrict(test.superuser)
    await connect(district, district.strangerId)
    await change(text, [district.strangerId])
    expect(await yearsOf(district, pair({ ...district, teacherId: district.strangerId }))).toEqual([])
  })

  it('is connected with nobody while the brake holds the connection or the person', async () => {
    const district = await createSampleDistrict(test.superuser)
    const id = await connect(district, district.strangerId)
    for (const [subject, held] of [
      ['provider-connection', id],
      ['user', district.strangerId],
    ] as const) {
      await suspend(district, subject, held)
      expect(await yearsOf(district, pair({ ...district, teacherId: district.strangerId }))).toEqual([])
      await change('delete from suspensions where subject_id = $1', [held])
    }
    expect(await yearsOf(district, pair({ ...district, teacherId: district.strangerId }))).toEqual([schoolYear])
  })
})

describe('one person in two places', () => {
  it('a guardian who teaches the child has the child’s channel, none with themselves, and one with the other teacher', async () => {
    const district = await createSampleDistrict(test.superuser)
    const { districtId, sectionId, guardianId, studentId } = district
    await addEnrollment(test.superuser, districtId, { id: newId(), userId: guardianId, sectionId, role: 'teacher' })
    expect(await yearsOf(district, { teacher: guardianId, participant: studentId, student: studentId })).toEqual([schoolYear])
    expect(await yearsOf(district, { teacher: guardianId, participant: guardianId, student: studentId })).toEqual([])
    expect(await yearsOf(district, withGuardian(district))).toEqual([schoolYear])
  })

  it('a teacher who is enrolled as a student in the same section has no channel with themselves, nor their guardians one', async () => {
    const district = await createSampleDistrict(test.superuser)
    const { districtId, sectionId, teacherId, guardianId } = district
    await addEnrollment(test.superuser, districtId, { id: newId(), userId: teacherId, sectionId, role: 'student' })
    await change(
      `insert into guardianships (district_id, id, guardian_id, student_id, relation, custody, begins, since_version)
       values ($1, $2, $3, $4, 'parent', 'permitted', null, 1)`,
      [districtId, newId(), guardianId, teacherId],
    )
    expect(await yearsOf(district, { teacher: teacherId, participant: teacherId, student: teacherId })).toEqual([])
    expect(await yearsOf(district, { teacher: teacherId, participant: guardianId, student: teacherId })).toEqual([])
    expect(await yearsOf(district, pair(district))).toEqual([schoolYear])
  })

  it('a guardian of two students is asked about each', async () => {
    const district = await createSampleDistrict(test.superuser)
    const { districtId, teacherId, guardianId } = district
    const second = newId()
    await addUser(test.superuser, districtId, second, 'student')
    await change(
      `insert into guardianships (district_id, id, guardian_id, student_id, relation, custody, begins, since_version)
       values ($1, $2, $3, $4, 'parent', 'permitted', null, 1)`,
      [districtId, newId(), guardianId, second],
    )
    expect(await yearsOf(district, withGuardian(district))).toEqual([schoolYear])
    expect(await yearsOf(district, { teacher: teacherId, participant: guardianId, student: second })).toEqual([])
  })
})
