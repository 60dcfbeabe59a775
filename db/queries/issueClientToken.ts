import { sql } from 'kysely'
import { v7 as newId } from 'uuid'
import { apiClientLimits, type ApiScope } from '../../domain/apiClients.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'
import { recordAudit } from './recordAudit.ts'

/**
 * Gives a machine that proved itself a token. `provenBy` is the hash that its secret was held against: the statement asks again whether it still holds, so
 * that a rotation or an end in between counts. `false` when it does not.
 */
export const issueClientToken = async (
  tx: DistrictTransaction,
  token: { clientId: string; provenBy: Buffer; tokenHash: Buffer; scopes: readonly ApiScope[] },
): Promise<boolean> => {
  const issued = await findRow(
    tx.db,
    sql<{ id: string }>`
      insert into client_tokens (district_id, id, token_hash, client_id, scopes, expires_at)
      select a.district_id, ${newId()}::uuid, ${token.tokenHash}::bytea, a.id, array[${sql.join([...token.scopes])}]::text[],
        statement_timestamp() + make_interval(secs => ${apiClientLimits.tokenSeconds})
      from api_clients a
      where a.district_id = ${tx.districtId} and a.id = ${token.clientId} and a.ended_at is null and array[${sql.join([...token.scopes])}]::text[] <@ a.scopes
        and (a.secret_hash = ${token.provenBy} or (a.previous_secret_hash = ${token.provenBy} and statement_timestamp() < a.previous_until))
      returning id`,
  )
  if (issued === null) return false
  await recordAudit(tx, {
    actor: { kind: 'client', id: token.clientId },
    action: 'api-client.authenticate',
    target: { kind: 'client-token', id: issued.id },
    details: { scopes: token.scopes.join(' ') },
  })
  return true
}
