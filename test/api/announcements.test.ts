import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AnnouncementView } from '../../api/schemas/announcementSchema.ts'
import { createSampleDistrict } from '../db/roster.ts'
import { openAnnouncementRoom, type AnnouncementRoom } from '../support/announcementRoom.ts'
import type { Caller } from '../support/callApi.ts'
import { withCanary } from '../support/canary.ts'
import { endEnrollment, resumeEnrollment } from '../support/endRelation.ts'
import type { Room } from '../support/openRoom.ts'

let its: AnnouncementRoom
let room: Room
let teacher: Caller
let student: Caller
let guardian: Caller
let coTeacher: Caller
let sectionId: string

beforeAll(async () => {
  its = await openAnnouncementRoom()
  ;({ room, teacher, student, guardian, coTeacher, sectionId } = its)
})
afterAll(() => room?.close())

type SectionPage = {
  items: { id: string; isTeacher: boolean; isStudent: boolean; children: { id: string }[] }[]
  nextCursor: string | null
}
const placeOf = async (caller: Caller) =>
  (await caller<SectionPage>('GET', '/v1/sections?limit=100')).body.items.find(({ id }) => id === sectionId)

describe('the list of sections', () => {
  test('names those in which the roster puts a person, and how, until it does no more', async () => {
    expect(await placeOf(teacher)).toMatchObject({ isTeacher: true, isStudent: false, children: [] })
    expect(await placeOf(student)).toMatchObject({ isTeacher: false, isStudent: true, children: [] })
    expect(await placeOf(guardian)).toMatchObject({ isTeacher: false, isStudent: false, children: [{ id: room.district.studentId }] })
    await endEnrollment(room.database, room.district.learningId)
    expect([await placeOf(student), await placeOf(guardian)]).toEqual([undefined, undefined])
    await resumeEnrollment(room.database, room.district.learningId)
  })
})

describe('an announcement', () => {
  test('is seen by the section’s teachers, and by students and guardians as it was addressed', async () => {
    expect(await its.seenBy(await its.announced('for all'))).toEqual([true, true, true, true])
    expect(await its.seenBy(await its.announced('for students', { recipients: 'students' }))).toEqual([true, true, true, false])
    expect(await its.seenBy(await its.announced('for guardians', { recipients: 'guardians' }))).toEqual([true, true, false, true])
    expect((await its.inbox(room.stranger)).items).toEqual([])
  })

  test('comes from a teacher whom the roster enrolls there, and from nobody else', async () => {
    const statuses = [student, guardian, room.stranger].map(async (caller) => (await its.announce(caller, 'not mine to say')).status)
    expect(await Promise.all(statuses)).toEqual([403, 403, 404])
    // Whom the district connects with a student stands where a teacher does in a channel, and is no teacher of a section.
    await room.database.superuser.query(
      `insert into provider_connections values ($1, $2, $3, $4, $3, current_date - 9, current_date + 9, 1, null, null)`,
      [room.district.districtId, newId(), room.district.strangerId, room.district.studentId],
    )
    expect((await room.stranger('POST', '/v1/channels', { studentId: room.district.studentId })).status).toBe(201)
    expect((await its.announce(room.stranger, 'from a provider')).status).toBe(404)
  })

  test('says whose it is, and to a guardian for which children', async () => {
    const [sibling, elsewhere] = [await its.addPerson('student'), await its.addPerson('guardian')]
    await its.addChild(room.district.guardianId, sibling.id)
    await its.addChild(elsewhere.id, sibling.id)
    const id = await its.announced('a trip')
    const { body } = await guardian<AnnouncementView>('GET', `/v1/announcements/${id}`)
    expect(body).toMatchObject({ standing: 'participant', isForSelf: false, author: { id: room.district.teacherId } })
    expect(body.children.map((child) => child.id).toSorted()).toEqual([room.district.studentId, sibling.id].toSorted())
    expect((await its.inbox(guardian)).items.filter((one) => one.id === id)).toHaveLength(1)
    await endEnrollment(room.database, sibling.enrollmentId)
    expect((await guardian<AnnouncementView>('GET', `/v1/announcements/${id}`)).body.children.map((child) => child.id)).toEqual([
      room.district.studentId,
    ])
    expect(await its.sees(await its.callerOf(elsewhere.id), id)).toBe(false)
    expect((await student<AnnouncementView>('GET', `/v1/announcements/${id}`)).body).toMatchObject({ isForSelf: true, children: [] })
  })

  test('is seen by who joins the section later, and no more by who leaves it, from the next read on', async () => {
    const id = await its.announced('before they came')
    const late = await its.addPerson('student')
    const call = await its.callerOf(late.id)
    expect(await its.sees(call, id)).toBe(true)
    await endEnrollment(room.database, late.enrollmentId)
    expect(await its.sees(call, id)).toBe(false)
    expect((await its.read(call, id)).status).toBe(404)
    expect((await call('POST', `/v1/announcements/${id}/reply`, {})).status).toBe(404)
    expect((await call('GET', `/v1/sections/${sectionId}/announcements`)).status).toBe(404)
  })

  test('ends with its author’s place in the section: nobody reads on what a teacher said who has left', async () => {
    const id = await its.announced('from one who leaves')
    await endEnrollment(room.database, room.district.teachingId)
    expect([await its.sees(teacher, id), await its.sees(coTeacher, id), await its.sees(student, id), await its.sees(guardian, id)]).toEqual(
      [false, false, false, false],
    )
    expect((await its.announce(teacher, 'too late')).status).toBe(404)
    await resumeEnrollment(room.database, room.district.teachingId)
    expect(await its.sees(student, id)).toBe(true)
  })

  test('of another district is like one that does not exist', async () => {
    const other = await createSampleDistrict(room.database.superuser)
    const foreign = await its.callerOf(other.teacherId, other.districtId)
    const id = await its.announced('not yours')
    expect(await its.sees(foreign, id)).toBe(false)
    expect((await foreign('POST', `/v1/sections/${sectionId}/announcements`, { text: withCanary('x'), recipients: 'both' })).status).toBe(
      404,
    )
    expect((await foreign('GET', `/v1/sections/${sectionId}/announcements`)).status).toBe(404)
  })
})

const switchOff = (feature: string) =>
  room.database.superuser.query('update feature_switches set switched_off_at = now() where district_id = $1 and feature = $2', [
    room.district.districtId,
    feature,
  ])
const switchOn = (feature: string) =>
  room.database.superuser.query('update feature_switches set switched_off_at = null where district_id = $1 and feature = $2', [
    room.district.districtId,
    feature,
  ])

describe('where the district has switched it off', () => {
  test('nothing is said or seen, and conversations go on; it comes back as it was', async () => {
    const id = await its.announced('said before')
    await switchOff('announcements')
    expect(await its.seenBy(id)).toEqual([false, false, false, false])
    expect((await its.announce(teacher, 'not now')).status).toBe(404)
    expect((await teacher('GET', `/v1/channels/${room.channelId}`)).status).toBe(200)
    await switchOn('announcements')
    expect(await its.seenBy(id)).toEqual([true, true, true, true])
  })

  test('guardians see nothing without guardians, and files are not there without attachments', async () => {
    const { id, attachmentId } = await its.announceFile('both')
    await switchOff('guardians')
    expect(await its.seenBy(id)).toEqual([true, true, true, false])
    await switchOn('guardians')
    await switchOff('attachments')
    expect((await student<AnnouncementView>('GET', `/v1/announcements/${id}`)).body.attachments).toEqual([])
    expect(await its.opens(student, attachmentId)).toBe(false)
    const file = { fileName: 'a.txt', contentType: 'text/plain', bytes: 1 }
    expect((await teacher('POST', `/v1/sections/${sectionId}/attachments`, file)).status).toBe(404)
    await switchOn('attachments')
    expect(await its.opens(student, attachmentId)).toBe(true)
  })
})

describe('taking back', () => {
  test('a hidden one is gone for its recipients and stays for the section’s teachers; a co-teacher may hide it, and show it again', async () => {
    const id = await its.announced('too early')
    expect(await its.act(coTeacher, id, 'hide')).toMatchObject({ status: 200, body: { state: 'hidden' } })
    expect([await its.sees(student, id), await its.sees(guardian, id), await its.sees(teacher, id)]).toEqual([false, false, true])
    expect((await its.act(student, id, 'unhide')).status).toBe(404)
    expect(await its.act(teacher, id, 'unhide')).toMatchObject({ status: 200, body: { state: 'shown', hiddenAt: null } })
    expect(await its.sees(student, id)).toBe(true)
    expect(await its.audited('announcement.hide', id)).toHaveLength(1)
    expect((await its.act(student, id, 'hide')).status).toBe(403)
  })

  test('a withdrawn one is gone for everybody; its author sees that it was, and how many others had read it', async () => {
    const id = await its.announced('to the wrong section')
    for (const caller of [student, guardian, guardian, teacher]) expect((await its.read(caller, id)).body).toMatchObject({ isRead: true })
    expect((await its.act(coTeacher, id, 'withdraw')).status).toBe(403)
    for (const _ of [1, 2])
      expect(await its.act(teacher, id, 'withdraw')).toMatchObject({
        status: 200,
        body: { state: 'withdrawn', text: null, withdrawnAfterReaders: 2 },
      })
    expect([await its.sees(student, id), await its.sees(guardian, id), await its.sees(coTeacher, id), await its.sees(teacher, id)]).toEqual(
      [false, false, false, true],
    )
    expect(await its.audited('announcement.withdraw', id)).toEqual([{ actor: room.district.teacherId, details: { readers: 2 } }])
    expect((await its.act(coTeacher, id, 'hide')).status).toBe(404)
    expect((await its.read(student, id)).status).toBe(404)
  })
})
