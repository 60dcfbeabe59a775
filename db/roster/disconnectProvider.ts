import { sql } from 'kysely'
import type { WhichPairs } from '../queries/liveRelation.ts'
import { findRow, getRow } from '../rows.ts'
import { changeRoster } from './changeRoster.ts'
import { followVersion, type StartForVersion } from './followVersion.ts'
import { recordEndings } from './recordEndings.ts'
import type { RosterTransaction } from './rosterTransaction.ts'
import { tryLockRoster } from './tryLockRoster.ts'

/** What a connection is with: a student, or as a substitute's a section. */
export type ConnectedWith = 'student' | 'section'

/**
 * Ends a connection in this commit, with a receipt for each channel that nothing else keeps open, and asks for the run that does what follows. Answers
 * the version that did, and how many such channels; null when there is none of that kind that could be ended; `busy` at once while somebody else changes the roster.
 */
export const disconnectProvider = async (
  tx: RosterTransaction,
  { id, endedBy, connectedWith = 'student' }: { id: string; endedBy: string; connectedWith?: ConnectedWith },
  startFor: StartForVersion,
): Promise<{ version: number; endings: number } | 'busy' | null> => {
  if (!(await tryLockRoster(tx))) return 'busy'
  const found = await findRow(
    tx.db,
    sql<Connected>`
      select provider_id as "providerId", student_id as "studentId", section_id as "sectionId" from provider_connections
      where district_id = ${tx.districtId} and id = ${id} and until_version is null
        and ${connectedWith === 'student' ? sql`student_id` : sql`section_id`} is not null`,
  )
  if (found === null) return null
  const which = toWhich(tx, found)
  return changeRoster(tx, { cause: 'connection', causeId: id }, async (version) => {
    const endings = await recordEndings(tx, { version, which }, async () => {
      const { before } = await getRow(
        tx.db,
        sql<{ before: unknown }>`
          update provider_connections set until_version = ${version}, ended_by = ${endedBy}
          where district_id = ${tx.districtId} and id = ${id}
          returning jsonb_strip_nulls(jsonb_build_object('providerId', provider_id, 'studentId', student_id, 'sectionId', section_id, 'begins', begins, 'ends', ends)) as before`,
      )
      await sql`
        insert into roster_changes (district_id, version, subject, subject_id, change, reason, before)
        values (${tx.districtId}, ${version}, 'provider-connection', ${id}, 'removed', 'by-district', ${JSON.stringify(before)}::jsonb)`.execute(
        tx.db,
      )
    })
    if (endings > 0) await followVersion(tx, version, startFor)
    return { version, endings }
  })
}

type Connected = { providerId: string; studentId: string | null; sectionId: string | null }

/** Whom it may have connected: of a section every student who is in it, as far as the roster believes. */
const toWhich =
  ({ districtId }: RosterTransaction, { providerId, studentId, sectionId }: Connected): WhichPairs =>
  ({ teacher, student }) =>
    studentId === null
      ? sql<boolean>`${teacher} = ${providerId} and ${student} in (
          select seat.user_id from enrollments seat
          where seat.district_id = ${districtId} and seat.section_id = ${sectionId} and seat.role = 'student' and seat.until_version is null)`
      : sql<boolean>`${teacher} = ${providerId} and ${student} = ${studentId}`
