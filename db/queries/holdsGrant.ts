import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import { staffRoles } from '../../domain/access.ts'

/** Of a row `g` of `grants` and its person `u`: whether the permission counts at this moment. It is the staff's, and ends with the work. */
export const holdsGrant: RawBuilder<boolean> = sql<boolean>`
  (g.begins <= statement_timestamp() and (g.ends is null or statement_timestamp() < g.ends) and u.is_active and u.role in (${sql.join(staffRoles)}))`
