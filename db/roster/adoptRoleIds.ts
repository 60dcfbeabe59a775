import { sql } from 'kysely'
import type { RoleRow, RosterRow } from '../../domain/roster/rosterRow.ts'
import { findRows } from '../rows.ts'
import type { RosterTransaction } from './rosterTransaction.ts'

type Held = Pick<RoleRow, 'userSourcedId' | 'orgSourcedId' | 'role'> & { sourcedId: string }

/** A role that the roster has already keeps the id that it has there, so that the feed which gave it can change and end it. */
export const adoptRoleIds = async ({ db, districtId }: RosterTransaction, rows: readonly RosterRow[]): Promise<readonly RosterRow[]> => {
  const people = rows.flatMap((row) => (row.kind === 'role' ? [row.userSourcedId] : []))
  if (people.length === 0) return rows
  const held = await findRows(
    db,
    sql<Held>`
      select r.sourced_id as "sourcedId", u.sourced_id as "userSourcedId", r.org_sourced_id as "orgSourcedId", r.role
      from users u join org_roles r on r.district_id = u.district_id and r.user_id = u.id
      where u.district_id = ${districtId} and u.sourced_id = any(${people}::text[]) order by r.sourced_id`,
  )
  return rows.map((row) => {
    if (row.kind !== 'role') return row
    const index = held.findIndex(
      (of) => of.userSourcedId === row.userSourcedId && of.orgSourcedId === row.orgSourcedId && of.role === row.role,
    )
    const [adopted] = index < 0 ? [] : held.splice(index, 1)
    return adopted === undefined ? row : { ...row, sourcedId: adopted.sourcedId }
  })
}
