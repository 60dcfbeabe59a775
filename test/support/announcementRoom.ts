import { v7 as newId } from 'uuid'
import { expect } from 'vitest'
import type { Problem } from '../../api/problem.ts'
import type { AnnouncementView } from '../../api/schemas/announcementSchema.ts'
import { addEnrollment, addUser } from '../db/roster.ts'
import { createCaller, type Caller } from './callApi.ts'
import { withCanary } from './canary.ts'
import { openRoom, type Room } from './openRoom.ts'
import { release } from './placeFiles.ts'
import { signIn } from './signIn.ts'

export type AnnouncementPage = { items: AnnouncementView[]; before: string | null; after: string | null }

/** A section with two teachers, a student and a guardian who are signed in, and what they do with announcements. */
export type AnnouncementRoom = Awaited<ReturnType<typeof openAnnouncementRoom>>

export const openAnnouncementRoom = async () => {
  const room = await openRoom()
  const { superuser } = room.database
  const { sectionId } = room.district
  const people = createPeople(room)
  // Before anything is posted: the words of a district are remembered for a while.
  await superuser.query(`insert into district_words values ($1, 'en', 'fiddlesticks', 'nudge')`, [room.district.districtId])
  const { teacher, student } = room
  const guardian = await people.callerOf(room.district.guardianId)
  const coTeacher = await people.callerOf((await people.addPerson('teacher')).id)

  const announce = (caller: Caller, text: string, more: object = {}) =>
    caller<AnnouncementView & Problem>('POST', `/v1/sections/${sectionId}/announcements`, {
      text: withCanary(text),
      recipients: 'both',
      ...more,
    })
  const announced = async (text: string, more: object = {}): Promise<string> => {
    const { status, body } = await announce(teacher, text, more)
    expect(status).toBe(201)
    return body.id
  }
  const sees = async (caller: Caller, id: string): Promise<boolean> => {
    const listed = (await inbox(caller)).items.some((one) => one.id === id)
    expect((await caller('GET', `/v1/announcements/${id}`)).status).toBe(listed ? 200 : 404)
    return listed
  }
  return {
    ...people,
    room,
    sectionId,
    teacher,
    student,
    guardian,
    coTeacher,
    announce,
    announced,
    inbox,
    sees,
    /** By the teacher, the co-teacher, the student and the guardian. */
    seenBy: async (id: string) => [await sees(teacher, id), await sees(coTeacher, id), await sees(student, id), await sees(guardian, id)],
    act: (caller: Caller, id: string, verb: 'hide' | 'unhide' | 'withdraw') =>
      caller<AnnouncementView & Problem>('POST', `/v1/announcements/${id}/${verb}`),
    read: (caller: Caller, id: string) => caller<AnnouncementView>('PUT', `/v1/announcements/${id}/read-mark`),
    audited: async (action: string, target: string) =>
      (
        await superuser.query<{ actor: string; details: unknown }>(
          'select actor, details from audit_entries where action = $1 and target = $2 order by id',
          [action, target],
        )
      ).rows,
    /** A file of the teacher's that was posted to the section, and is clean. */
    announceFile: async (recipients: string): Promise<{ id: string; attachmentId: string }> => {
      const file = { fileName: `${withCanary('homework')}.pdf`, contentType: 'application/pdf', bytes: 1_000 }
      const ticket = await teacher<{ attachment: { id: string } }>('POST', `/v1/sections/${sectionId}/attachments`, file)
      expect(ticket.status).toBe(201)
      const attachmentId = ticket.body.attachment.id
      const id = await announced('homework', { recipients, attachmentIds: [attachmentId] })
      const bytes = Buffer.from(withCanary('content'))
      await release(room.api.deps, room.database, { districtId: room.district.districtId, attachmentId, bytes })
      return { id, attachmentId }
    },
    opens: async (caller: Caller, attachmentId: string): Promise<boolean> => {
      const statuses = [
        (await caller('GET', `/v1/attachments/${attachmentId}`)).status,
        (await caller('GET', `/v1/attachments/${attachmentId}/content`)).status,
      ]
      expect(statuses[0]).toBe(statuses[1])
      return statuses[0] === 200
    },
  }
}

const inbox = async (caller: Caller, query = '?limit=100'): Promise<AnnouncementPage> =>
  (await caller<AnnouncementPage>('GET', `/v1/announcements${query}`)).body

const createPeople = (room: Room) => {
  const { districtId, sectionId } = room.district
  const { superuser } = room.database
  return {
    callerOf: async (userId: string, of = districtId): Promise<Caller> =>
      createCaller(room.api.url, (await signIn(room.api.deps.app, of, userId)).token),
    /** Somebody new of the district, in the section when `role` is a place in it. */
    addPerson: async (role: 'teacher' | 'student' | 'guardian', place = sectionId): Promise<{ id: string; enrollmentId: string }> => {
      const [id, enrollmentId] = [newId(), newId()]
      await addUser(superuser, districtId, id, role)
      if (role !== 'guardian') await addEnrollment(superuser, districtId, { id: enrollmentId, userId: id, sectionId: place, role })
      return { id, enrollmentId }
    },
    addChild: (guardianId: string, studentId: string): Promise<unknown> =>
      superuser.query(
        `insert into guardianships (district_id, id, guardian_id, student_id, relation, custody, begins, since_version)
         values ($1, $2, $3, $4, 'parent', 'permitted', current_date - 100, 1)`,
        [districtId, newId(), guardianId, studentId],
      ),
  }
}
