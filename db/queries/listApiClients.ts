import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'
import { apiClientColumns, toApiClient } from './apiClientRow.ts'
import type { ApiClientRecord, ApiClientRow } from './apiClientRow.ts'

/** The machines of the district, those that were ended too, newest first; or the one with this id. */
export const listApiClients = async (
  { db, districtId }: DistrictTransaction,
  { id = null, before = null, limit }: { id?: string | null; before?: string | null; limit: number },
): Promise<ApiClientRecord[]> => {
  const rows = await findRows(
    db,
    sql<ApiClientRow>`
      select ${apiClientColumns} from api_clients
      where district_id = ${districtId} and (${id}::uuid is null or id = ${id}::uuid) and (${before}::uuid is null or id < ${before}::uuid)
      order by id desc limit ${limit}`,
  )
  return rows.map(toApiClient)
}
