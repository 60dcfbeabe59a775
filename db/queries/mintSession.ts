import { sql } from 'kysely'
import { v7 as newId } from 'uuid'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'
import { recordAudit } from './recordAudit.ts'
import type { AuditActor } from './recordAudit.ts'

/**
 * Opens a session for an active person and records who opened it and why. The caller keeps the token (256 random bits) and hands over its
 * SHA-256. Answers null when there is no such active person in the district.
 */
export const mintSession = async (
  tx: DistrictTransaction,
  session: { userId: string; tokenHash: Buffer; lifeSeconds: number; by: AuditActor; reason: string },
): Promise<{ sessionId: string } | null> => {
  const minted = await findRow(
    tx.db,
    sql<{ sessionId: string }>`
      insert into sessions (district_id, id, token_hash, user_id, expires_at)
      select u.district_id, ${newId()}, ${session.tokenHash}, u.id, statement_timestamp() + make_interval(secs => ${session.lifeSeconds})
      from users u
      where u.district_id = ${tx.districtId} and u.id = ${session.userId} and u.is_active
      returning id as "sessionId"`,
  )
  if (minted === null) return null
  await recordAudit(tx, {
    actor: session.by,
    action: 'session.mint',
    target: { kind: 'session', id: minted.sessionId },
    reason: session.reason,
    details: { userId: session.userId },
  })
  return minted
}
