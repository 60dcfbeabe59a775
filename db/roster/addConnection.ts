import { sql } from 'kysely'
import { v7 as newId } from 'uuid'
import { changeRoster } from './changeRoster.ts'
import type { RosterTransaction } from './rosterTransaction.ts'

/** With a student, or as a substitute with a section. `begins` is inclusive, `ends` exclusive. */
export type NewConnection = { providerId: string; begins: string; ends: string } & (
  | { studentId: string; sectionId?: undefined }
  | { sectionId: string; studentId?: undefined }
)

/** Writes a connection as a version of the roster. The transaction holds the roster's lock, and whether it may be is decided. */
export const addConnection = (
  tx: RosterTransaction,
  connection: NewConnection,
  authorId: string,
): Promise<{ id: string; version: number }> => {
  const id = newId()
  const { providerId, studentId = null, sectionId = null, begins, ends } = connection
  return changeRoster(tx, { cause: 'connection', causeId: id }, async (version) => {
    await sql`
      insert into provider_connections (district_id, id, provider_id, student_id, section_id, author_id, begins, ends, since_version)
      values (${tx.districtId}, ${id}, ${providerId}, ${studentId}, ${sectionId}, ${authorId}, ${begins}::date, ${ends}::date, ${version})`.execute(
      tx.db,
    )
    await sql`
      insert into roster_changes (district_id, version, subject, subject_id, change, reason, after)
      values (${tx.districtId}, ${version}, 'provider-connection', ${id}, 'added', 'by-district', ${JSON.stringify(connection)}::jsonb)`.execute(
      tx.db,
    )
    return { id, version }
  })
}
