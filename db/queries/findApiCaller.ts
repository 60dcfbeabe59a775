import { sql } from 'kysely'
import type { ApiScope } from '../../domain/apiClients.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'

/** A machine that asks, and what its token lets it. */
export type ApiCaller = { clientId: string; scopes: ApiScope[] }

/** The open machine behind a token that still holds at this moment, or null: a token dies with its machine. */
export const findApiCaller = (tx: DistrictTransaction, tokenId: string): Promise<ApiCaller | null> =>
  findRow(
    tx.db,
    sql<ApiCaller>`
      select a.id as "clientId", t.scopes from client_tokens t
      join api_clients a on a.district_id = t.district_id and a.id = t.client_id
      where t.district_id = ${tx.districtId} and t.id = ${tokenId} and statement_timestamp() < t.expires_at and a.ended_at is null`,
  )
