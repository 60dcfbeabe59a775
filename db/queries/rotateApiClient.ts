import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'
import { recordAudit } from './recordAudit.ts'
import type { AuditActor } from './recordAudit.ts'

/**
 * Gives a machine another secret. The one of before holds for `overlapSeconds` more; one that was before that holds no longer. `false` when there is no
 * such open machine. Tokens that were given out end by themselves.
 */
export const rotateApiClient = async (
  tx: DistrictTransaction,
  { clientId, secretHash, overlapSeconds, by }: { clientId: string; secretHash: Buffer; overlapSeconds: number; by: AuditActor },
): Promise<boolean> => {
  const rotated = await findRow(
    tx.db,
    sql<{ id: string }>`
      update api_clients set previous_secret_hash = secret_hash, secret_hash = ${secretHash}, rotated_at = statement_timestamp(),
        previous_until = statement_timestamp() + make_interval(secs => ${overlapSeconds})
      where district_id = ${tx.districtId} and id = ${clientId} and ended_at is null
      returning id`,
  )
  if (rotated === null) return false
  await recordAudit(tx, {
    actor: by,
    action: 'api-client.rotate',
    target: { kind: 'api-client', id: clientId },
    details: { overlapSeconds },
  })
  return true
}
