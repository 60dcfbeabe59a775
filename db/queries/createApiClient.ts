import { sql } from 'kysely'
import { v7 as newId } from 'uuid'
import { apiClientLimits, type ApiScope } from '../../domain/apiClients.ts'
import type { AuthorKind } from '../entities/RosterSync.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'
import { recordAudit } from './recordAudit.ts'
import type { AuditActor } from './recordAudit.ts'

export type NewApiClient = {
  name: string
  scopes: readonly ApiScope[]
  /** SHA-256 of the secret; the caller keeps the secret, shows it once and forgets it. */
  secretHash: Buffer
  author: { kind: AuthorKind; id: string }
  by: AuditActor
  reason?: string
}

/**
 * Adds a machine that may call the API for the district. Null when the district has as many open ones as it may have. Two that are added at the same
 * moment may be one too many: the number is there against mistakes.
 */
export const createApiClient = async (tx: DistrictTransaction, client: NewApiClient): Promise<{ clientId: string } | null> => {
  const made = await findRow(
    tx.db,
    sql<{ clientId: string }>`
      insert into api_clients (district_id, id, name, scopes, secret_hash, author_kind, author)
      select ${tx.districtId}::uuid, ${newId()}::uuid, ${client.name}, array[${sql.join([...client.scopes])}]::text[], ${client.secretHash}::bytea,
        ${client.author.kind}, ${client.author.id}
      where (select count(*) from api_clients where district_id = ${tx.districtId} and ended_at is null) < ${apiClientLimits.clientsMax}
      returning id as "clientId"`,
  )
  if (made === null) return null
  await recordAudit(tx, {
    actor: client.by,
    action: 'api-client.create',
    target: { kind: 'api-client', id: made.clientId },
    ...(client.reason === undefined ? {} : { reason: client.reason }),
    details: { scopes: client.scopes.join(' ') },
  })
  return made
}
