import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createNeighbourRoster, createRoster, createSampleRoster, toSampleDay } from './sampleRoster.ts'
import type { RosterRows } from './roster/rosterRows.ts'
import { toSchoolYear } from './roster/schoolYear.ts'

const today = '2026-10-05'

const countRole = (rows: RosterRows, role: string): number => rows.users.filter((user) => user.role === role).length

const anyDay = fc
  .date({ min: new Date('2000-01-01T00:00:00Z'), max: new Date('2100-12-31T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))

const anyRoster = fc
  .record({
    seed: fc.integer(),
    today: anyDay,
    size: fc.record({
      schools: fc.integer({ min: 1, max: 3 }),
      teachers: fc.integer({ min: 3, max: 9 }),
      students: fc.integer({ min: 0, max: 40 }),
      guardians: fc.integer({ min: 0, max: 60 }),
      administrators: fc.integer({ min: 0, max: 3 }),
      aides: fc.integer({ min: 0, max: 3 }),
      sectionsPerSchool: fc.integer({ min: 5, max: 12 }),
      sectionsPerStudent: fc.integer({ min: 1, max: 5 }),
    }),
  })
  .map((options) => ({ ...options, name: 'Any District', domain: 'any.example.org' }))

describe('the sample district', () => {
  test('has the promised sizes', () => {
    const rows = createSampleRoster(today)
    expect(rows.schools).toHaveLength(2)
    expect(countRole(rows, 'teacher')).toBe(40)
    expect(countRole(rows, 'student')).toBe(800)
    expect(countRole(rows, 'guardian')).toBe(1_200)
    expect(rows.sections).toHaveLength(100)
    expect(rows.enrollments.filter((enrollment) => enrollment.role === 'student')).toHaveLength(4_000)
  })

  test('is the same on every machine and on every day of a school year', () => {
    expect(createSampleRoster(today)).toEqual(createSampleRoster('2027-06-30'))
  })

  test('has every custody answer, shared guardians, co-teachers, and a teacher who is also a guardian', () => {
    const rows = createSampleRoster(today)
    expect(new Set(rows.guardianships.map((link) => link.custody))).toEqual(new Set(['permitted', 'denied', 'unknown']))
    const childrenOf = Map.groupBy(rows.guardianships, (link) => link.guardianId)
    expect([...childrenOf.values()].some((links) => links.length > 1)).toBe(true)
    const teachersOf = Map.groupBy(
      rows.enrollments.filter((enrollment) => enrollment.role === 'teacher'),
      (enrollment) => enrollment.sectionId,
    )
    expect([...teachersOf.values()].some((teachers) => teachers.length > 1)).toBe(true)
    const teachers = new Set(rows.users.filter((user) => user.role === 'teacher').map((user) => user.id))
    expect(rows.guardianships.filter((link) => teachers.has(link.guardianId))).toHaveLength(1)
  })

  test('shares no id and no address with its neighbour', () => {
    const sample = createSampleRoster(today)
    const neighbour = createNeighbourRoster(today)
    const ids = new Set(sample.users.flatMap((user) => [user.id, user.email]))
    expect(neighbour.users.filter((user) => ids.has(user.id) || ids.has(user.email))).toEqual([])
    expect(neighbour.district.id).not.toBe(sample.district.id)
  })
})

describe('a roster of any size', () => {
  test('refers only to rows that exist, and never uses an id twice', () => {
    fc.assert(
      fc.property(anyRoster, (options) => {
        const rows = createRoster(options)
        const lists = [rows.schools, rows.terms, rows.courses, rows.sections, rows.users, rows.enrollments, rows.guardianships]
        const ids = lists.flat().map((row) => row.id)
        expect(new Set(ids).size).toBe(ids.length)
        const [schools, terms, courses, sections, users] = lists.map((list) => new Set(list.map((row) => row.id)))
        for (const section of rows.sections) {
          expect(schools?.has(section.schoolId) && section.termIds.every((id) => terms?.has(id)) && courses?.has(section.courseId)).toBe(
            true,
          )
        }
        for (const enrollment of rows.enrollments) expect(sections?.has(enrollment.sectionId) && users?.has(enrollment.userId)).toBe(true)
        for (const link of rows.guardianships) expect(users?.has(link.guardianId) && users?.has(link.studentId)).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  test('enrolls nobody twice in a section, and every student in as many sections as asked', () => {
    fc.assert(
      fc.property(anyRoster, (options) => {
        const rows = createRoster(options)
        const pairs = rows.enrollments.map((enrollment) => enrollment.sourcedId)
        expect(new Set(pairs).size).toBe(pairs.length)
        for (const student of rows.users.filter((user) => user.role === 'student')) {
          expect(rows.enrollments.filter((enrollment) => enrollment.userId === student.id)).toHaveLength(options.size.sectionsPerStudent)
        }
      }),
      { numRuns: 60 },
    )
  })

  test('gives every teacher of a school that has enough sections one that runs all year', () => {
    fc.assert(
      fc.property(anyRoster, (options) => {
        const rows = createRoster(options)
        const live = new Set(rows.sections.filter((section) => section.termIds[0] === rows.terms[0]?.id).map((section) => section.id))
        for (const teacher of rows.users.filter((user) => user.role === 'teacher')) {
          if (Math.ceil(options.size.teachers / options.size.schools) > options.size.sectionsPerSchool) continue
          expect(rows.enrollments.some((enrollment) => enrollment.userId === teacher.id && live.has(enrollment.sectionId))).toBe(true)
        }
      }),
      { numRuns: 60 },
    )
  })

  test('has a full-year term and exactly one semester that cover today', () => {
    fc.assert(
      fc.property(anyRoster, (options) => {
        const covering = createRoster(options).terms.filter((term) => term.begins <= options.today && options.today < term.ends)
        expect(covering).toHaveLength(2)
      }),
      { numRuns: 60 },
    )
  })

  test('keeps each guardian to one home: a guardian of two children has the same custody answer for both', () => {
    fc.assert(
      fc.property(anyRoster, (options) => {
        const rows = createRoster(options)
        const guardians = new Set(rows.users.filter((user) => user.role === 'guardian').map((user) => user.id))
        const links = Map.groupBy(
          rows.guardianships.filter((link) => guardians.has(link.guardianId)),
          (link) => link.guardianId,
        )
        for (const ofOne of links.values()) expect(new Set(ofOne.map((link) => link.custody)).size).toBe(1)
      }),
      { numRuns: 60 },
    )
  })
})

test('a day that is not a date is refused', () => {
  expect(() => toSchoolYear('tomorrow')).toThrow(RangeError)
  expect(() => toSchoolYear('2026-13-01')).toThrow(RangeError)
})

test('the day of a sample district is the day there, not in Greenwich', () => {
  expect(toSampleDay(new Date('2026-07-01T03:00:00Z'))).toBe('2026-06-30')
  expect(toSampleDay(new Date('2026-07-01T06:00:00Z'))).toBe('2026-07-01')
})
