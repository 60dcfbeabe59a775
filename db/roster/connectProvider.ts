import { sql } from 'kysely'
import { findConnectionFault, type ConnectionFault } from '../../domain/roster/providerConnection.ts'
import { findConnectionTerms } from '../queries/findConnectionTerms.ts'
import { findRow } from '../rows.ts'
import { addConnection } from './addConnection.ts'
import type { RosterTransaction } from './rosterTransaction.ts'
import { tryLockRoster } from './tryLockRoster.ts'

export type ConnectionOutcome =
  | { outcome: 'connected'; id: string; version: number }
  | { outcome: 'refused'; fault: ConnectionFault }
  /** The two are connected already: end that one first. */
  | { outcome: 'connected-already' }
  /** Somebody else is changing this district's roster; nothing was done, and nothing waited. */
  | { outcome: 'busy' }

/** Connects a service provider with a student from today on, as a version of the roster. `ends` is exclusive. */
export const connectProvider = async (
  tx: RosterTransaction,
  { providerId, studentId, ends, authorId }: { providerId: string; studentId: string; ends: string; authorId: string },
): Promise<ConnectionOutcome> => {
  if (!(await tryLockRoster(tx))) return { outcome: 'busy' }
  const { today, ...terms } = await findConnectionTerms(tx, { providerId, studentId })
  const fault = findConnectionFault({ ...terms, today, ends, isAuthor: authorId === providerId })
  if (fault !== null) return { outcome: 'refused', fault }
  if ((await findConnected(tx, { providerId, studentId, today })) !== null) return { outcome: 'connected-already' }
  return { outcome: 'connected', ...(await addConnection(tx, { providerId, studentId, begins: today, ends }, authorId)) }
}

const findConnected = (
  { db, districtId }: RosterTransaction,
  { providerId, studentId, today }: { providerId: string; studentId: string; today: string },
): Promise<{ id: string } | null> =>
  findRow(
    db,
    sql<{ id: string }>`
      select id from provider_connections
      where district_id = ${districtId} and provider_id = ${providerId} and student_id = ${studentId} and until_version is null and ${today}::date < ends`,
  )
