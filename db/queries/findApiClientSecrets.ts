import { sql } from 'kysely'
import type { ApiScope } from '../../domain/apiClients.ts'
import type { Transaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'

export type ApiClientSecrets = {
  districtId: string
  clientId: string
  scopes: ApiScope[]
  secretHash: Buffer
  /** Null once it holds no longer. */
  previousSecretHash: Buffer | null
}

/** What an open machine's secret is held against, or null. As the role `auth`, before the district is known. */
export const findApiClientSecrets = (tx: Transaction, clientId: string): Promise<ApiClientSecrets | null> =>
  findRow(
    tx.db,
    sql<ApiClientSecrets>`
      select district_id as "districtId", id as "clientId", scopes, secret_hash as "secretHash",
        case when statement_timestamp() < previous_until then previous_secret_hash end as "previousSecretHash"
      from api_clients where id = ${clientId} and ended_at is null`,
  )
