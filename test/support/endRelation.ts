import type { TestDatabase } from './database.ts'

/** Ends an enrollment as a roster change does: from this commit on the roster no longer connects its person. */
export const endEnrollment = (database: TestDatabase, enrollmentId: string): Promise<unknown> =>
  database.superuser.query('update enrollments set until_version = 2 where id = $1', [enrollmentId])

/** Takes `endEnrollment` back. */
export const resumeEnrollment = (database: TestDatabase, enrollmentId: string): Promise<unknown> =>
  database.superuser.query('update enrollments set until_version = null where id = $1', [enrollmentId])
