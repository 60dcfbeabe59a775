import { v7 as newId } from 'uuid'
import { withDistrict, type Database } from '../../db/openDatabase.ts'
import type { DistrictKeys } from '../../db/districtKeys.ts'
import { sql } from 'kysely'
import { offeredFeatures } from '../../domain/features.ts'

/** A teacher and a student whom a section of a running term connects, and their channel. */
export type SeededChannel = {
  districtId: string
  channelId: string
  teacherId: string
  studentId: string
  teacherEmail: string
}

const schoolYear = 2026

/** Seeds a district of its own with the least that two people need to converse. */
export const seedChannel = async (app: Database, districtKeys: DistrictKeys): Promise<SeededChannel> => {
  const [districtId, schoolId, termId, courseId, sectionId, teacherId, studentId, channelId] = Array.from({ length: 8 }, () => newId()) as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ]
  const teacherEmail = `teacher-${teacherId}@example.org`
  await withDistrict(app, districtId, async ({ db }) => {
    await sql`insert into districts (id, kind, name, time_zone) values (${districtId}, 'district', 'Test district', 'America/Chicago')`.execute(
      db,
    )
  })
  const cipher = await districtKeys.forDistrict(districtId)
  await withDistrict(app, districtId, async ({ db }) => {
    await sql`insert into schools (district_id, id, sourced_id, name) values (${districtId}, ${schoolId}, 'school', 'Test school')`.execute(
      db,
    )
    for (const feature of offeredFeatures)
      await sql`insert into feature_switches (district_id, id, feature, switched_on_at) values (${districtId}, ${newId()}, ${feature}, now())`.execute(
        db,
      )
    await sql`
      insert into terms (district_id, id, sourced_id, title, begins, ends, school_year)
      values (${districtId}, ${termId}, 'term', 'Year', current_date - 30, current_date + 200, ${schoolYear})`.execute(db)
    await sql`insert into courses (district_id, id, sourced_id, title) values (${districtId}, ${courseId}, 'course', 'Algebra')`.execute(db)
    await sql`
      insert into sections (district_id, id, sourced_id, school_id, course_id, title)
      values (${districtId}, ${sectionId}, 'section', ${schoolId}, ${courseId}, 'Algebra 1')`.execute(db)
    await sql`insert into section_terms values (${districtId}, ${sectionId}, ${termId})`.execute(db)
    for (const [id, role] of [
      [teacherId, 'teacher'],
      [studentId, 'student'],
    ] as const) {
      const email = role === 'teacher' ? cipher.sealText({ table: 'users', rowId: id, column: 'email' }, teacherEmail) : null
      await sql`
        insert into users (district_id, id, sourced_id, role, given_name, family_name, email)
        values (${districtId}, ${id}, ${role}, ${role}, 'Test', ${role}, ${email})`.execute(db)
      await sql`
        insert into org_roles (district_id, sourced_id, user_id, org_sourced_id, role) values (${districtId}, ${role}, ${id}, 'school', ${role})`.execute(
        db,
      )
      await sql`
        insert into enrollments (district_id, id, sourced_id, user_id, section_id, role, begins, since_version)
        values (${districtId}, ${newId()}, ${role}, ${id}, ${sectionId}, ${role}, current_date - 30, 1)`.execute(db)
    }
    await sql`
      insert into channels (district_id, id, teacher_id, participant_id, student_id, school_year)
      values (${districtId}, ${channelId}, ${teacherId}, ${studentId}, ${studentId}, ${schoolYear})`.execute(db)
  })
  return { districtId, channelId, teacherId, studentId, teacherEmail }
}
