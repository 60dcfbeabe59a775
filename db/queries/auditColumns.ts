import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'

/** The columns of a `SealedEntry`; `alias` is the name that the query gives to `audit_entries`. */
export const auditColumns = (alias: string): RawBuilder<unknown> => {
  const e = sql.ref(alias)
  return sql`${e}.district_id as "districtId", ${e}.id, to_char(${e}.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at,
    ${e}.actor_kind as "actorKind", ${e}.actor, ${e}.action, ${e}.target_kind as "targetKind", ${e}.target, ${e}.reason, ${e}.details`
}
