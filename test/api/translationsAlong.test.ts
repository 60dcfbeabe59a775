import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Problem } from '../../api/problem.ts'
import type { Feature } from '../../domain/features.ts'
import { addEnrollment, addUser } from '../db/roster.ts'
import { createCaller, withoutRequestId, type Caller } from '../support/callApi.ts'
import { withCanary } from '../support/canary.ts'
import { signIn } from '../support/signIn.ts'
import { openTranslationRoom, type TranslationRoom } from '../support/translationRoom.ts'

/**
 * One teacher and one student whom a section of each of two schools connects. Translations are on in the first school alone; in both others read along, each by the school of the
 * section that lets them.
 */
let room: TranslationRoom
let readers: Record<'first' | 'second', Caller>
let guardian: Caller
let secondSchoolId: string

beforeAll(async () => {
  room = await openTranslationRoom()
  room.api.deps.pace.translationWaitMs = 0
  const { districtId, sectionId, teacherId, studentId, guardianId, courseId, termId } = room.district
  const { superuser } = room.database
  const second = newId()
  secondSchoolId = newId()
  await superuser.query(`insert into schools (district_id, id, sourced_id, name) values ($1, $2, 'school-2', 'School')`, [
    districtId,
    secondSchoolId,
  ])
  await superuser.query(
    `insert into sections (district_id, id, sourced_id, school_id, course_id, title) values ($1, $2, 'section-2', $3, $4, 'Section')`,
    [districtId, second, secondSchoolId, courseId],
  )
  await superuser.query('insert into section_terms values ($1, $2, $3)', [districtId, second, termId])
  await addEnrollment(superuser, districtId, { id: newId(), userId: teacherId, sectionId: second, role: 'teacher' })
  await addEnrollment(superuser, districtId, { id: newId(), userId: studentId, sectionId: second, role: 'student' })
  const coTeacher = async (section: string): Promise<Caller> => {
    const id = newId()
    await addUser(superuser, districtId, id, 'teacher')
    await addEnrollment(superuser, districtId, { id: newId(), userId: id, sectionId: section, role: 'teacher' })
    return callerOf(id)
  }
  readers = { first: await coTeacher(sectionId), second: await coTeacher(second) }
  guardian = await callerOf(guardianId)
  await superuser.query(`update users set preferred_language = 'es-MX' where district_id = $1 and id <> $2`, [districtId, teacherId])
  await switchOnIn('translations', room.district.schoolId)
  await switchOnIn('co-teachers-read-along', null)
}, 120_000)
afterAll(() => room?.close())

const callerOf = async (userId: string): Promise<Caller> =>
  createCaller(room.api.url, (await signIn(room.api.deps.app, room.district.districtId, userId)).token)

/** There and nowhere else; null is everywhere. */
const switchOnIn = async (feature: Feature, schoolId: string | null): Promise<void> => {
  await room.switchOff(feature)
  await room.database.superuser.query(
    `insert into feature_switches (district_id, id, feature, school_id, switched_on_at) values ($1, uuidv7(), $2, $3, '2000-01-01')`,
    [room.district.districtId, feature, schoolId],
  )
}

const translated = { language: 'es-MX', text: withCanary('traducido') }
const written = withCanary('Good morning, the excursion begins tomorrow at nine')

const expectTranslated = async (reader: Caller, id: string): Promise<void> => {
  expect(await room.listed(reader, id)).toMatchObject({ text: written, translation: translated })
  expect(await room.ask(reader, id)).toMatchObject({ status: 200, body: translated })
}

/** They read the text, and nothing says that there is a translation of it, or might be. */
const expectUntranslated = async (reader: Caller, id: string): Promise<void> => {
  expect(await room.listed(reader, id)).toMatchObject({ text: written, translation: null })
  const absent = await reader<Problem>('POST', `/v1/messages/${newId()}/translations`, { language: 'es' })
  for (const language of ['es-US', 'fr', 'en'])
    expect(withoutRequestId((await room.ask(reader, id, language)).body)).toBe(withoutRequestId(absent.body))
  expect(absent.status).toBe(404)
}

describe('who reads along', () => {
  test('reads translations where they read by a section of a school that has them, and finds nothing of them where that school has none', async () => {
    const id = await room.post()
    await room.plant({ message: id })
    await expectTranslated(room.student, id)
    await expectTranslated(readers.first, id)
    await expectUntranslated(readers.second, id)
    expect(await room.translationsOf(id)).toEqual(['es-MX done'])
    await switchOnIn('translations', secondSchoolId)
    await expectUntranslated(readers.first, id)
    await expectTranslated(readers.second, id)
    await switchOnIn('translations', room.district.schoolId)
  })

  test('as a guardian too', async () => {
    const id = await room.post()
    await room.plant({ message: id })
    await switchOnIn('guardians-read-along', room.district.schoolId)
    await expectTranslated(guardian, id)
    await switchOnIn('guardians-read-along', secondSchoolId)
    await expectUntranslated(guardian, id)
    await room.switchOff('guardians-read-along')
    expect((await guardian('GET', `/v1/channels/${room.channelId}/messages`)).status).toBe(404)
    expect((await room.ask(guardian, id)).status).toBe(404)
  })

  test('loses the translation with the text: hidden, withdrawn, or refused by a guardian', async () => {
    const [hidden, withdrawn, refused] = [await room.post(), await room.post(), await room.post()]
    for (const message of [hidden, withdrawn, refused]) await room.plant({ message })
    await room.teacher('POST', `/v1/messages/${hidden}/hide`)
    await room.teacher('POST', `/v1/messages/${withdrawn}/withdraw`)
    for (const id of [hidden, withdrawn]) expect((await room.ask(readers.first, id)).status).toBe(404)
    await expectTranslated(readers.first, refused)
    expect((await guardian('PUT', room.refusalOf())).status).toBe(204)
    expect(await room.listed(readers.first, refused)).toMatchObject({ text: written, translation: null })
    expect(await room.ask(readers.first, refused)).toMatchObject({ status: 409, body: { code: 'translation-refused' } })
    // Where there are no translations, nothing tells of a refusal either.
    await expectUntranslated(readers.second, refused)
    expect((await guardian('DELETE', room.refusalOf())).status).toBe(204)
  })
})
