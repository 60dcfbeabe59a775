import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { ApiScope } from '../../domain/apiClients.ts'
import type { AuthorKind } from '../entities/RosterSync.ts'
import { toTime, toTimeOrNull } from '../rows.ts'

/** A machine of the district, without anything of its secrets. */
export type ApiClientRecord = {
  clientId: string
  name: string
  scopes: ApiScope[]
  authorKind: AuthorKind
  author: string
  createdAt: Date
  rotatedAt: Date | null
  previousUntil: Date | null
  endedAt: Date | null
}

type Times = 'createdAt' | 'rotatedAt' | 'previousUntil' | 'endedAt'
/** What `apiClientColumns` selects, as the driver gives it. */
export type ApiClientRow = Omit<ApiClientRecord, Times> & {
  createdAt: string
  rotatedAt: string | null
  previousUntil: string | null
  endedAt: string | null
}

/** The columns of an `ApiClientRecord`, of the table `api_clients`. */
export const apiClientColumns: RawBuilder<unknown> = sql`api_clients.id as "clientId", api_clients.name, api_clients.scopes,
  api_clients.author_kind as "authorKind", api_clients.author, api_clients.created_at as "createdAt", api_clients.rotated_at as "rotatedAt",
  api_clients.previous_until as "previousUntil", api_clients.ended_at as "endedAt"`

export const toApiClient = (row: ApiClientRow): ApiClientRecord => ({
  ...row,
  createdAt: toTime(row.createdAt),
  rotatedAt: toTimeOrNull(row.rotatedAt),
  previousUntil: toTimeOrNull(row.previousUntil),
  endedAt: toTimeOrNull(row.endedAt),
})
