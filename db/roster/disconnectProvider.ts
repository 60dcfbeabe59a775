import { sql } from 'kysely'
import type { WhichPairs } from '../queries/liveRelation.ts'
import { findRow, getRow } from '../rows.ts'
import { changeRoster } from './changeRoster.ts'
import { followVersion, type StartForVersion } from './followVersion.ts'
import { recordEndings } from './recordEndings.ts'
import type { RosterTransaction } from './rosterTransaction.ts'
import { tryLockRoster } from './tryLockRoster.ts'

/**
 * Ends a connection in this commit, with a receipt for each channel that nothing else keeps open, and asks for the run that does what follows. Answers
 * the version that did, and how many such channels; null when there is none that could be ended; `busy` at once while somebody else changes the roster.
 */
export const disconnectProvider = async (
  tx: RosterTransaction,
  { id, endedBy }: { id: string; endedBy: string },
  startFor: StartForVersion,
): Promise<{ version: number; endings: number } | 'busy' | null> => {
  if (!(await tryLockRoster(tx))) return 'busy'
  const found = await findRow(
    tx.db,
    sql<{ providerId: string; studentId: string }>`
      select provider_id as "providerId", student_id as "studentId" from provider_connections
      where district_id = ${tx.districtId} and id = ${id} and until_version is null`,
  )
  if (found === null) return null
  const which: WhichPairs = ({ teacher, student }) => sql<boolean>`${teacher} = ${found.providerId} and ${student} = ${found.studentId}`
  return changeRoster(tx, { cause: 'connection', causeId: id }, async (version) => {
    const endings = await recordEndings(tx, { version, which }, async () => {
      const { before } = await getRow(
        tx.db,
        sql<{ before: unknown }>`
          update provider_connections set until_version = ${version}, ended_by = ${endedBy}
          where district_id = ${tx.districtId} and id = ${id}
          returning jsonb_build_object('providerId', provider_id, 'studentId', student_id, 'begins', begins, 'ends', ends) as before`,
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
