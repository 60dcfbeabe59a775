import { v7 as newId } from 'uuid'
import type { Permission } from '../../db/entities/Grant.ts'
import { addEnrollment, addUser, createSampleDistrict, type SampleDistrict } from '../db/roster.ts'
import { createCaller, type Caller } from './callApi.ts'
import { withCanary } from './canary.ts'
import { addMachine } from './addMachine.ts'
import type { TestDatabase } from './database.ts'
import { release } from './placeFiles.ts'
import { signIn } from './signIn.ts'
import type { RunningApi } from './startApi.ts'

export type Person = { id: string; call: Caller }

/** A section's people who are signed in, and what they have: nothing of one circle concerns another. */
export type Circle = {
  name: string
  districtId: string
  teacher: Person
  student: Person
  guardian: Person
  /** Administers the district; nothing of the roster connects them. */
  administrator: Person
  /** May audit the district, and has opened an audit. */
  auditor: Person
  /** Looks at reports of the district. */
  safety: Person
  auditId: string
  /** A machine of the district with every scope, and one that may only read. */
  machine: Person
  reader: Person
  sectionId: string
  /** Of the teacher to the section, for everybody there. */
  announcementId: string
  /** A sync of the district that waits for its feed. */
  syncId: string
  channelId: string
  /** Posted by the teacher. */
  messageId: string
  /** Uploaded by the teacher, posted, clean. */
  attachmentId: string
  /** Of that file, by the student. */
  reportId: string
  /** Ends the roster's relation of teacher and student. */
  learningId: string
  /** Ends what the teacher is to the section. */
  teachingId: string
}

/** Someone of the district's staff with a permission. */
export const addStaff = async (database: TestDatabase, districtId: string, permission: Permission): Promise<string> => {
  const id = newId()
  await addUser(database.superuser, districtId, id, 'staff')
  await database.superuser.query(
    `insert into grants (district_id, id, user_id, permission, author_id, begins) values ($1, $2, $3, $4, $3, now() - interval '1 day')`,
    [districtId, newId(), id, permission],
  )
  return id
}

type Members = {
  districtId: string
  sectionId: string
  teacherId: string
  studentId: string
  guardianId: string
  learningId: string
  teachingId: string
}

/** A message of the circle's teacher. */
export const createMessage = async ({ teacher, channelId }: Pick<Circle, 'teacher' | 'channelId'>): Promise<string> =>
  (await teacher.call<{ id: string }>('POST', `/v1/channels/${channelId}/messages`, { text: withCanary('read this') })).body.id

/** An announcement of the circle's teacher to the whole section. */
export const createAnnouncement = async ({ teacher, sectionId }: Pick<Circle, 'teacher' | 'sectionId'>): Promise<string> =>
  (
    await teacher.call<{ id: string }>('POST', `/v1/sections/${sectionId}/announcements`, {
      text: withCanary('hear this'),
      recipients: 'both',
    })
  ).body.id

/** A ticket of the circle's teacher. */
export const createTicket = async (circle: Pick<Circle, 'teacher' | 'channelId'>): Promise<string> => {
  const file = { fileName: `${withCanary('file')}.pdf`, contentType: 'application/pdf', bytes: 1_000 }
  const { body } = await circle.teacher.call<{ attachment: { id: string } }>('POST', `/v1/channels/${circle.channelId}/attachments`, file)
  return body.attachment.id
}

/** A file of the circle's teacher that its student may open. */
export const createOpenFile = async (
  api: RunningApi,
  database: TestDatabase,
  circle: Pick<Circle, 'teacher' | 'channelId' | 'districtId'>,
): Promise<string> => {
  const attachmentId = await createTicket(circle)
  await circle.teacher.call('POST', `/v1/channels/${circle.channelId}/messages`, {
    text: withCanary('look'),
    attachmentIds: [attachmentId],
  })
  await release(api.deps, database, { districtId: circle.districtId, attachmentId, bytes: Buffer.from(withCanary('content')) })
  return attachmentId
}

const toCircle = async (api: RunningApi, database: TestDatabase, name: string, members: Members): Promise<Circle> => {
  const { districtId, sectionId, teacherId, studentId, guardianId, learningId, teachingId } = members
  const toPerson = async (id: string): Promise<Person> => ({
    id,
    call: createCaller(api.url, (await signIn(api.deps.app, districtId, id)).token),
  })
  const [teacher, student, guardian] = [await toPerson(teacherId), await toPerson(studentId), await toPerson(guardianId)]
  const administrator = await toPerson(await addStaff(database, districtId, 'administer'))
  const auditor = await toPerson(await addStaff(database, districtId, 'audit'))
  const safety = await toPerson(await addStaff(database, districtId, 'safety'))
  const machine = await addMachine(api, administrator, districtId, ['roster.read', 'roster.write'])
  const reader = await addMachine(api, administrator, districtId, ['roster.read'])
  const created = await machine.call<{ sync: { id: string } }>('POST', `/v1/districts/${districtId}/roster-syncs`, {})
  const syncId = created.body.sync.id
  const channelId = (await teacher.call<{ id: string }>('POST', '/v1/channels', { studentId })).body.id
  const messageId = await createMessage({ teacher, channelId })
  const attachmentId = await createOpenFile(api, database, { teacher, channelId, districtId })
  const announcementId = await createAnnouncement({ teacher, sectionId })
  const opened = await auditor.call<{ id: string }>('POST', `/v1/districts/${districtId}/audits`, {
    reason: 'A parent asked for it',
  })
  const reported = await student.call<{ id: string }>('POST', `/v1/attachments/${attachmentId}/reports`, { category: 'other' })
  return {
    name,
    districtId,
    teacher,
    student,
    guardian,
    administrator,
    auditor,
    safety,
    auditId: opened.body.id,
    machine,
    reader,
    syncId,
    channelId,
    messageId,
    attachmentId,
    reportId: reported.body.id,
    sectionId,
    announcementId,
    learningId,
    teachingId,
  }
}

const addSection = async (database: TestDatabase, district: SampleDistrict): Promise<Members> => {
  const { superuser } = database
  const { districtId, schoolId, courseId, termId } = district
  const [sectionId, teacherId, studentId, guardianId, learningId, teachingId] = [newId(), newId(), newId(), newId(), newId(), newId()]
  await superuser.query(
    `insert into sections (district_id, id, sourced_id, school_id, course_id, title) values ($1, $2, 'section-2', $3, $4, 'Section')`,
    [districtId, sectionId, schoolId, courseId],
  )
  await superuser.query('insert into section_terms values ($1, $2, $3)', [districtId, sectionId, termId])
  await addUser(superuser, districtId, teacherId, 'teacher')
  await addUser(superuser, districtId, studentId, 'student')
  await addUser(superuser, districtId, guardianId, 'guardian')
  await addEnrollment(superuser, districtId, { id: teachingId, userId: teacherId, sectionId, role: 'teacher' })
  await addEnrollment(superuser, districtId, { id: learningId, userId: studentId, sectionId, role: 'student' })
  await superuser.query(
    `insert into guardianships (district_id, id, guardian_id, student_id, relation, custody, begins, since_version)
     values ($1, $2, $3, $4, 'parent', 'permitted', current_date - 100, 1)`,
    [districtId, newId(), guardianId, studentId],
  )
  return { districtId, sectionId, teacherId, studentId, guardianId, learningId, teachingId }
}

/** Two sections of one district, and a section of another. */
export const createCircles = async (api: RunningApi, database: TestDatabase): Promise<[Circle, Circle, Circle]> => {
  const [district, other] = [await createSampleDistrict(database.superuser), await createSampleDistrict(database.superuser)]
  return [
    await toCircle(api, database, 'section 1', district),
    await toCircle(api, database, 'section 2', await addSection(database, district)),
    await toCircle(api, database, 'another district', other),
  ]
}
