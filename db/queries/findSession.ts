import { sql } from 'kysely'
import type { Transaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'

export type SessionRef = { sessionId: string; districtId: string; userId: string }

/**
 * The live session whose token has this SHA-256, or null. As the role `auth`, before the district is known. The work goes on under the
 * district it names (`findActor`).
 */
export const findSession = (tx: Transaction, tokenHash: Buffer): Promise<SessionRef | null> =>
  findRow(
    tx.db,
    sql<SessionRef>`
      select id as "sessionId", district_id as "districtId", user_id as "userId" from sessions
      where token_hash = ${tokenHash} and ended_at is null and statement_timestamp() < expires_at`,
  )
