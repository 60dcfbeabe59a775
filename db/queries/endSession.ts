import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'
import { recordAudit } from './recordAudit.ts'
import type { AuditActor } from './recordAudit.ts'

/** Ends a session at once. Answers whether it was open. */
export const endSession = async (tx: DistrictTransaction, { sessionId, by }: { sessionId: string; by: AuditActor }): Promise<boolean> => {
  const ended = await findRow(
    tx.db,
    sql<{ id: string }>`
      update sessions set ended_at = statement_timestamp()
      where district_id = ${tx.districtId} and id = ${sessionId} and ended_at is null
      returning id`,
  )
  if (ended === null) return false
  await recordAudit(tx, { actor: by, action: 'session.end', target: { kind: 'session', id: sessionId } })
  return true
}
