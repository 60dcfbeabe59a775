import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'
import { listeningSessions } from './listEventReaders.ts'

/** Which of these sessions hold at this moment, of active people. */
export const listHoldingSessions = async (
  { db, districtId }: DistrictTransaction,
  sessionIds: readonly string[],
): Promise<ReadonlySet<string>> => {
  const rows = await findRows(
    db,
    sql<{ sessionId: string }>`select listening.session_id as "sessionId" from ${listeningSessions(districtId, sessionIds)} listening`,
  )
  return new Set(rows.map(({ sessionId }) => sessionId))
}
