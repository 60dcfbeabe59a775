import type { RosterRows } from './rosterRows.ts'

/** As an export that broke off would have it: of all enrollments only every tenth, and none of this student. */
export const toBrokenRows = (rows: RosterRows, studentId: string | null = null): RosterRows => ({
  ...rows,
  enrollments: rows.enrollments.filter(({ userId }, index) => index % 10 === 0 && userId !== studentId),
})
