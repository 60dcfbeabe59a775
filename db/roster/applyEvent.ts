import { sql } from 'kysely'
import type { TakenFile } from '../../domain/roster/feedFiles.ts'
import type { RoleRow, RosterRow } from '../../domain/roster/rosterRow.ts'
import { findRow, findRows } from '../rows.ts'
import type { ColumnCipher } from '../districtKeys.ts'
import { applyStaged } from './apply/applyStaged.ts'
import type { StartForVersion } from './followVersion.ts'
import { lockRoster } from './lockRoster.ts'
import type { RosterTransaction } from './rosterTransaction.ts'
import { createStagedTables } from './staging/createStagedTables.ts'
import { insertRows } from './staging/insertRows.ts'
import { findUnresolved, type Unresolved } from './staging/rejectUnresolved.ts'
import { sealUsers } from './staging/sealUsers.ts'
import { stageRow } from './staging/stageRow.ts'

/** A single change: a delta of one line. `rows` are what the line says; of a removal, the removal. */
export type RosterEventInput = {
  /** The id under which versions and changes name it. */
  id: string
  file: TakenFile
  rows: readonly RosterRow[]
  /** When it happened, no later than now: an older event changes nothing that a newer source has said. */
  occurredAt: Date
}

export type AppliedEvent =
  | { outcome: 'applied' | 'unchanged' | 'stale'; version: number | null; endings: number }
  | { outcome: 'unresolved'; unresolved: Unresolved[] }

/** `cipher` is the district's; `startFor` gives the run that does what follows from a version. */
export type EventDeps = { cipher: ColumnCipher; startFor: StartForVersion }

/**
 * Applies one change in the transaction around, by the same rules as a feed's. What refers to something that the roster does not have is not applied at
 * all. No brake: somebody meant it.
 */
export const applyEvent = async (
  tx: RosterTransaction,
  { cipher, startFor }: EventDeps,
  event: RosterEventInput,
): Promise<AppliedEvent> => {
  await lockRoster(tx)
  if (await isOutdone(tx, event)) return { outcome: 'stale', version: null, endings: 0 }
  const areRolesOnUsers = event.file === 'users' && !(await areRolesNewer(tx, event))
  const rows = areRolesOnUsers ? await adoptRoleIds(tx, event.rows) : event.rows.filter(({ kind }) => kind !== 'role')
  await createStagedTables(tx, 'transaction')
  const people = rows.flatMap((row) => (row.kind === 'user' ? [{ line: null, row }] : []))
  await insertRows(tx, [
    { table: 'staged_files', values: [event.file, 'delta'] },
    ...(await sealUsers(tx, cipher, people)),
    ...rows.flatMap((row) => (row.kind === 'user' ? [] : stageRow(event.file, null, row))),
  ])
  const unresolved = await findUnresolved(tx)
  if (unresolved.length > 0) return { outcome: 'unresolved', unresolved }
  const { outcome, version, endings } = await applyStaged(tx, {
    cause: 'event',
    causeId: event.id,
    sourceAt: event.occurredAt,
    areRolesOnUsers,
    brakeFor: null,
    startFor,
  })
  // Only a sync's brake can make it partly applied.
  return { outcome: outcome === 'partly-applied' ? 'applied' : outcome, version, endings }
}

/** The ids of which the event speaks. */
const idsOf = ({ rows }: RosterEventInput): string[] => [
  ...new Set(rows.flatMap((row) => ('sourcedId' in row && row.kind !== 'role' ? [row.sourcedId] : []))),
]

/** Whether a newer source has spoken of what the event is about. */
const isOutdone = async ({ db, districtId }: RosterTransaction, event: RosterEventInput): Promise<boolean> => {
  const at = event.occurredAt.toISOString()
  const newer = await findRow(
    db,
    sql`
      select 1 from roster_watermarks where district_id = ${districtId} and file = ${event.file} and bulk_at > ${at}::timestamptz
      union all
      select 1 from roster_sources
      where district_id = ${districtId} and file = ${event.file} and sourced_id = any(${idsOf(event)}::text[]) and source_at > ${at}::timestamptz`,
  )
  return newer !== null
}

/** Roles have a file of their own in a feed: one that is newer has spoken of what this person is, though not of the person. */
const areRolesNewer = async ({ db, districtId }: RosterTransaction, event: RosterEventInput): Promise<boolean> => {
  const at = event.occurredAt.toISOString()
  const newer = await findRow(
    db,
    sql`
      select 1 from roster_watermarks where district_id = ${districtId} and file = 'roles' and bulk_at > ${at}::timestamptz
      union all
      select 1 from users u
      join org_roles r on r.district_id = u.district_id and r.user_id = u.id
      join roster_sources s on s.district_id = r.district_id and s.file = 'roles' and s.sourced_id = r.sourced_id and s.source_at > ${at}::timestamptz
      where u.district_id = ${districtId} and u.sourced_id = any(${idsOf(event)}::text[])`,
  )
  return newer !== null
}

type Held = Pick<RoleRow, 'userSourcedId' | 'orgSourcedId' | 'role'> & { sourcedId: string }

/** A role that the roster has already keeps the id that it has there, so that the feed which gave it can change and end it. */
const adoptRoleIds = async ({ db, districtId }: RosterTransaction, rows: readonly RosterRow[]): Promise<readonly RosterRow[]> => {
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
