import type { Random } from './createRandom.ts'
import type { CourseRow, Day, EnrollmentRow, SchoolRow, SectionRow, TermRow, UserRow } from './rosterRows.ts'

export type Timetable = { courses: CourseRow[]; sections: SectionRow[]; enrollments: EnrollmentRow[] }

const courseTitles = [
  'Homeroom',
  'English Language Arts',
  'English as a New Language',
  'Algebra I',
  'Geometry',
  'Biology',
  'Earth Science',
  'World History',
  'Civics',
  'Spanish',
  'Visual Arts',
  'Band',
  'Physical Education',
  'Computer Science',
] as const

export type TimetableFacts = {
  schools: readonly SchoolRow[]
  /** The term of a section is drawn from these; list one more often to weigh it. */
  terms: readonly TermRow[]
  /** Each inner list belongs to the school of the same index. */
  teachersBySchool: readonly (readonly UserRow[])[]
  studentsBySchool: readonly (readonly UserRow[])[]
  aides: readonly UserRow[]
  sectionsPerSchool: number
  sectionsPerStudent: number
  yearBegins: Day
  newId: () => string
}

/**
 * Sections with one or two teachers and now and then an aide; every teacher has at least one section,
 * every student `sectionsPerStudent` different ones of their own school, as far as the school has so many.
 */
export const createTimetable = (random: Random, facts: TimetableFacts): Timetable => {
  const courses = courseTitles.map((title, index) => ({ id: facts.newId(), sourcedId: `course-${index + 1}`, title }))
  const sections: SectionRow[] = []
  const enrollments: EnrollmentRow[] = []
  const beginsByTerm = new Map(facts.terms.map((term) => [term.id, term.begins]))
  const enroll = (user: UserRow, section: SectionRow, role: EnrollmentRow['role']): void => {
    enrollments.push({
      id: facts.newId(),
      sourcedId: `${section.sourcedId}.${user.sourcedId}`,
      userId: user.id,
      sectionId: section.id,
      role,
      begins: beginsByTerm.get(section.termIds[0] ?? '') ?? facts.yearBegins,
      ends: null,
    })
  }

  facts.schools.forEach((school, schoolIndex) => {
    const teachers = facts.teachersBySchool[schoolIndex] ?? []
    const ofSchool = Array.from({ length: facts.sectionsPerSchool }, (_, index) => {
      const course = random.pick(courses)
      const number = schoolIndex * facts.sectionsPerSchool + index + 1
      const section = {
        id: facts.newId(),
        sourcedId: `section-${String(number).padStart(3, '0')}`,
        schoolId: school.id,
        courseId: course.id,
        // The first round of sections runs all year, so that every teacher has one that is live today.
        termIds: [(index < teachers.length ? facts.terms[0] : random.pick(facts.terms))?.id ?? ''],
        title: `${course.title} · ${index + 1}`,
      }
      const lead = teachers[index % teachers.length]
      if (lead) enroll(lead, section, 'teacher')
      const others = teachers.filter((teacher) => teacher !== lead)
      if (others.length > 0 && random.chance(0.25)) enroll(random.pick(others), section, 'teacher')
      if (facts.aides.length > 0 && random.chance(0.15)) enroll(random.pick(facts.aides), section, 'aide')
      return section
    })
    for (const student of facts.studentsBySchool[schoolIndex] ?? []) {
      for (const section of random.shuffle(ofSchool).slice(0, facts.sectionsPerStudent)) enroll(student, section, 'student')
    }
    sections.push(...ofSchool)
  })
  return { courses, sections, enrollments }
}
