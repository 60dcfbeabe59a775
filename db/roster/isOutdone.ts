import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { GuardianshipRow, RosterRow } from '../../domain/roster/rosterRow.ts'
import { findRow } from '../rows.ts'
import type { RosterTransaction } from './rosterTransaction.ts'

type Sources = { file: string; rows: readonly RosterRow[]; occurredAt: Date }

const idsOf = ({ rows }: Sources): string[] => [
  ...new Set(rows.flatMap((row) => ('sourcedId' in row && row.kind !== 'role' ? [row.sourcedId] : []))),
]

const isBulkNewer = (districtId: string, file: string, at: string): RawBuilder<boolean> => sql`exists (
  select 1 from roster_watermarks where district_id = ${districtId} and file = ${file} and bulk_at > ${at}::timestamptz)`

const isIdNewer = (districtId: string, file: string, ids: readonly string[], at: string): RawBuilder<boolean> => sql`exists (
  select 1 from roster_sources
  where district_id = ${districtId} and file = ${file} and sourced_id = any(${ids}::text[]) and source_at > ${at}::timestamptz)`

const isTrue = async ({ db }: RosterTransaction, condition: RawBuilder<boolean>): Promise<boolean> =>
  (await findRow(db, sql`select 1 where ${condition}`)) !== null

/** Whether a newer source has spoken of what the event is about. */
export const isOutdone = async (tx: RosterTransaction, event: Sources): Promise<boolean> => {
  const at = event.occurredAt.toISOString()
  const { districtId } = tx
  if (await isTrue(tx, sql`${isBulkNewer(districtId, event.file, at)} or ${isIdNewer(districtId, event.file, idsOf(event), at)}`))
    return true
  const [pair] = event.rows.filter((row) => row.kind === 'guardianship')
  return pair === undefined ? false : isPairOutdone(tx, pair, at)
}

/**
 * Of guardians the lines of people speak, too. A newer line of either is enough to link nobody; to part them, one of the lines that link them has to be
 * older.
 */
const isPairOutdone = (tx: RosterTransaction, pair: GuardianshipRow, at: string): Promise<boolean> => {
  const { districtId } = tx
  const { studentSourcedId: student, guardianSourcedId: guardian, custody } = pair
  const areLinesNewer = isBulkNewer(districtId, 'users', at)
  if (custody !== null) return isTrue(tx, sql`${areLinesNewer} or ${isIdNewer(districtId, 'users', [student, guardian], at)}`)
  const isLinked = (by: string, other: string): RawBuilder<boolean> => sql`exists (
    select 1 from users u join agent_links l on l.district_id = u.district_id and l.user_id = u.id
    join users o on o.district_id = l.district_id and o.id = l.agent_id
    where u.district_id = ${districtId} and u.sourced_id = ${by} and o.sourced_id = ${other})`
  const [byStudent, byGuardian] = [isLinked(student, guardian), isLinked(guardian, student)]
  return isTrue(
    tx,
    sql`${areLinesNewer} or (${byStudent} or ${byGuardian})
      and not (${byStudent} and not ${isIdNewer(districtId, 'users', [student], at)})
      and not (${byGuardian} and not ${isIdNewer(districtId, 'users', [guardian], at)})`,
  )
}

/** Roles have a file of their own in a feed: one that is newer has spoken of what a person is, though not of the person. */
export const areRolesOutdone = (tx: RosterTransaction, event: Sources): Promise<boolean> => {
  const at = event.occurredAt.toISOString()
  const { districtId } = tx
  return isTrue(
    tx,
    sql`${isBulkNewer(districtId, 'roles', at)} or exists (
      select 1 from users u
      join org_roles r on r.district_id = u.district_id and r.user_id = u.id
      join roster_sources s on s.district_id = r.district_id and s.file = 'roles' and s.sourced_id = r.sourced_id and s.source_at > ${at}::timestamptz
      where u.district_id = ${districtId} and u.sourced_id = any(${idsOf(event)}::text[]))`,
  )
}
