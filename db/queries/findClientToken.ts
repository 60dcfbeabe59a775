import { sql } from 'kysely'
import type { Transaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'

export type ClientTokenRef = { tokenId: string; districtId: string; clientId: string }

/**
 * The token with this SHA-256 that has not expired, or null. As the role `auth`, before the district is known. The work goes on under the district that it
 * names (`findApiCaller`).
 */
export const findClientToken = (tx: Transaction, tokenHash: Buffer): Promise<ClientTokenRef | null> =>
  findRow(
    tx.db,
    sql<ClientTokenRef>`
      select id as "tokenId", district_id as "districtId", client_id as "clientId" from client_tokens
      where token_hash = ${tokenHash} and statement_timestamp() < expires_at`,
  )
