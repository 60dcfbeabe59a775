import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'
import { recordAudit } from './recordAudit.ts'
import type { AuditActor } from './recordAudit.ts'

/** Ends a machine, and with it every token it has, at once. Answers whether it was open. */
export const endApiClient = async (tx: DistrictTransaction, { clientId, by }: { clientId: string; by: AuditActor }): Promise<boolean> => {
  const ended = await findRow(
    tx.db,
    sql<{ id: string }>`
      update api_clients set ended_at = statement_timestamp()
      where district_id = ${tx.districtId} and id = ${clientId} and ended_at is null
      returning id`,
  )
  if (ended === null) return false
  await recordAudit(tx, { actor: by, action: 'api-client.end', target: { kind: 'api-client', id: clientId } })
  return true
}
