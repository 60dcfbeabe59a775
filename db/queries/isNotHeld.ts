import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'

/**
 * Whether what the brake holds counts as ended, as everybody's access asks, or as still there, as receipts ask: those are of what ended for good, and a
 * removal that is held has not.
 */
export type Holds = 'as-ended' | 'as-there'

/** A removal that the brake holds ends access all the same, whatever it would remove: a row of the roster, a person, a role, a section, a term. */
export const isNotHeld = (alias: string, holds: Holds): RawBuilder<boolean> => {
  if (holds === 'as-there') return sql`true`
  const row = sql.ref(alias)
  return sql`not exists (select 1 from suspensions held where held.district_id = ${row}.district_id and held.subject_id = ${row}.id)`
}
