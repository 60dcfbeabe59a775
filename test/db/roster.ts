import type pg from 'pg'
import { v7 as newId } from 'uuid'
import { switchEverythingOn } from '../support/switchEverythingOn.ts'

/** A small district, written as superuser: one section that connects a teacher, a student and the student's guardian. */
export type SampleDistrict = {
  districtId: string
  schoolId: string
  termId: string
  courseId: string
  sectionId: string
  teacherId: string
  studentId: string
  guardianId: string
  /** A teacher of the district whom nothing connects with the others. */
  strangerId: string
  teachingId: string
  learningId: string
  guardingId: string
}

export const schoolYear = 2031

/** Writes the sample district. The term runs from a year ago to in a year, so that only what a test changes decides. */
export const createSampleDistrict = async (client: pg.Client, options: { timeZone?: string } = {}): Promise<SampleDistrict> => {
  const ids = {
    districtId: newId(),
    schoolId: newId(),
    termId: newId(),
    courseId: newId(),
    sectionId: newId(),
    teacherId: newId(),
    studentId: newId(),
    guardianId: newId(),
    strangerId: newId(),
    teachingId: newId(),
    learningId: newId(),
    guardingId: newId(),
  }
  const d = ids.districtId
  await client.query(`insert into districts (id, kind, name, time_zone) values ($1, 'district', 'Sample', $2)`, [
    d,
    options.timeZone ?? 'America/Denver',
  ])
  await switchEverythingOn(client, d)
  await client.query(`insert into schools (district_id, id, sourced_id, name) values ($1, $2, 'school-1', 'School')`, [d, ids.schoolId])
  await client.query(
    `insert into terms (district_id, id, sourced_id, title, begins, ends, school_year)
     values ($1, $2, 'term-1', 'Term', current_date - 365, current_date + 365, $3)`,
    [d, ids.termId, schoolYear],
  )
  await client.query(`insert into courses (district_id, id, sourced_id, title) values ($1, $2, 'course-1', 'Course')`, [d, ids.courseId])
  await client.query(
    `insert into sections (district_id, id, sourced_id, school_id, course_id, title) values ($1, $2, 'section-1', $3, $4, 'Section')`,
    [d, ids.sectionId, ids.schoolId, ids.courseId],
  )
  await client.query('insert into section_terms values ($1, $2, $3)', [d, ids.sectionId, ids.termId])
  await addUser(client, d, ids.teacherId, 'teacher')
  await addUser(client, d, ids.strangerId, 'teacher')
  await addUser(client, d, ids.studentId, 'student')
  await addUser(client, d, ids.guardianId, 'guardian')
  await addEnrollment(client, d, { id: ids.teachingId, userId: ids.teacherId, sectionId: ids.sectionId, role: 'teacher' })
  await addEnrollment(client, d, { id: ids.learningId, userId: ids.studentId, sectionId: ids.sectionId, role: 'student' })
  await client.query(
    `insert into guardianships (district_id, id, guardian_id, student_id, relation, custody, begins, since_version)
     values ($1, $2, $3, $4, 'parent', 'permitted', current_date - 100, 1)`,
    [d, ids.guardingId, ids.guardianId, ids.studentId],
  )
  return ids
}

export const addUser = async (client: pg.Client, districtId: string, id: string, role: string): Promise<void> => {
  await client.query(
    `insert into users (district_id, id, sourced_id, role, given_name, family_name) values ($1, $2::uuid, $2::uuid::text, $3, 'Given', 'Family')`,
    [districtId, id, role],
  )
  await client.query(
    `insert into org_roles (district_id, sourced_id, user_id, org_sourced_id, role) values ($1, 'role-' || $2::uuid::text, $2, 'school', $3)`,
    [districtId, id, role],
  )
}

export const addEnrollment = async (
  client: pg.Client,
  districtId: string,
  enrollment: { id: string; userId: string; sectionId: string; role: string },
): Promise<void> => {
  await client.query(
    `insert into enrollments (district_id, id, sourced_id, user_id, section_id, role, begins, since_version)
     values ($1, $2::uuid, $2::uuid::text, $3, $4, $5, current_date - 100, 1)`,
    [districtId, enrollment.id, enrollment.userId, enrollment.sectionId, enrollment.role],
  )
}
