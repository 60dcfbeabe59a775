import fc from 'fast-check'
import { expect, test } from 'vitest'
import { brakeDefaults, isHeld } from '../../domain/roster/brake.ts'
import type { RosterRows } from '../roster/rosterRows.ts'
import { toBrokenRows } from '../roster/toBrokenRows.ts'
import { createRoster, createSampleRoster, sampleSize } from '../sampleRoster.ts'
import { findNamedAfterAWord } from './findNamedAfterAWord.ts'
import { findSinglePair } from './findSinglePair.ts'

const today = '2026-10-05'
const anyRoster = fc
  .integer()
  .map((seed) => createRoster({ seed, name: 'Any District', domain: 'any.example.org', today, size: { ...sampleSize, students: 60 } }))

test('the student who leaves a section had nothing else of that teacher', () => {
  fc.assert(
    fc.property(anyRoster, (rows) => {
      const pair = findSinglePair(rows)
      if (pair === null) return
      const sectionsOf = (userId: string) => new Set(rows.enrollments.flatMap((one) => (one.userId === userId ? [one.sectionId] : [])))
      const shared = [...sectionsOf(pair.student.id)].filter((id) => sectionsOf(pair.teacher.id).has(id))
      expect(shared).toEqual([pair.section.id])
      expect(pair.enrollment).toMatchObject({ userId: pair.student.id, sectionId: pair.section.id, role: 'student' })
      expect(pair.section.termIds).toContain(rows.terms[0]?.id)
    }),
    { numRuns: 30 },
  )
  expect(findSinglePair(createSampleRoster(today))).not.toBeNull()
})

test('the broken export lacks more than the brake lets go, and the pair’s own enrollment', () => {
  const rows = createSampleRoster(today)
  const student = rows.users.find(({ role }) => role === 'student')?.id ?? ''
  const left = toBrokenRows(rows, student).enrollments
  expect(isHeld({ active: rows.enrollments.length, removed: rows.enrollments.length - left.length }, brakeDefaults)).toBe(true)
  expect(left.filter(({ userId }) => userId === student)).toEqual([])
})

const isNamed = (rows: RosterRows): boolean => {
  const found = findNamedAfterAWord(rows)
  if (found === null) return false
  const inSection = rows.enrollments.filter(({ sectionId }) => sectionId === found.section.id).map(({ userId }) => userId)
  expect(inSection).toContain(found.teacher.id)
  const childrenOf = ({ id }: { id: string }) =>
    rows.guardianships.filter(({ guardianId, studentId }) => guardianId === id && inSection.includes(studentId))
  expect(childrenOf(found.guardian)).toMatchObject([{ studentId: found.student.id, custody: 'permitted' }])
  expect(childrenOf(found.otherGuardian)).toMatchObject([{ studentId: expect.not.stringMatching(found.student.id), custody: 'permitted' }])
  return true
}

test('the child whose name is a word is the teacher’s, and each guardian who reads of it has one child there and confirmed custody', () => {
  fc.assert(
    fc.property(anyRoster, (rows) => void isNamed(rows)),
    { numRuns: 30 },
  )
  expect(isNamed(createSampleRoster(today))).toBe(true)
})
