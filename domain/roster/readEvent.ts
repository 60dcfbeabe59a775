import type { TakenFile } from './feedFiles.ts'
import type { ToLanguage } from './fieldReader.ts'
import type { MetadataSources } from './metadataSources.ts'
import type { Header } from './readHeader.ts'
import { createRowReader } from './readRow.ts'
import type { RowOutcome } from './readRow.ts'
import { isWarning, type RejectCode } from './rejectCodes.ts'
import { isToBeDeleted, sourcedIdOf, toCells, toHeaderCells, toRoles } from './rest/records.ts'
import type { Collection, RestRecord, RestRole } from './rest/records.ts'
import type { EventAction } from './rosterEvents.ts'
import type { RosterRow } from './rosterRow.ts'

/** What is wrong with a record: a JSON pointer into it, and why, as in a report of rejects. */
export type RecordFault = { pointer: string; code: RejectCode | 'roles-contradict' }

/** What an event says. `taken` is what of the record is looked at, and all of it that goes on. */
export type EventReading = { sourcedId: string; rows: RosterRow[]; taken: readonly string[][] } | { faults: RecordFault[] }

export type EventRecord = {
  type: Collection
  action: EventAction
  record: RestRecord
  sources: MetadataSources
  toLanguage: ToLanguage
  /** REST gives roles no id of their own. */
  toRoleId: (role: RestRole) => string
}

/** Where a column of a file stands in a record of the REST binding, if it is called otherwise there. */
const pointers: Readonly<Record<string, string>> = {
  classSourcedId: 'class/sourcedId',
  userSourcedId: 'user/sourcedId',
  courseSourcedId: 'course/sourcedId',
  schoolSourcedId: 'school/sourcedId',
  orgSourcedId: 'org/sourcedId',
  studentSourcedId: 'student/sourcedId',
  guardianSourcedId: 'guardian/sourcedId',
  termSourcedIds: 'terms',
  agentSourcedIds: 'agents',
}

export const toRecordPointer = (column: string | null): string => `/${pointers[column ?? ''] ?? column ?? ''}`

/** How new it is says the event and not the record, so any moment will do. */
const anyMoment = '2000-01-01T00:00:00Z'

const readCells = (
  file: TakenFile,
  cells: readonly string[],
  { sources, toLanguage }: Pick<EventRecord, 'sources' | 'toLanguage'>,
): RowOutcome => {
  const header: Header = { positions: new Map(toHeaderCells(file, sources).map((name, index) => [name, index])), width: cells.length }
  return createRowReader(header, { file, version: '1.2', mode: 'delta', ...sources, toLanguage, hasId: () => true, isTaken: () => false })(
    cells,
  )
}

/**
 * Understands the record of an event, by the rules for a line of a delta, but that one thing wrong with it refuses the whole, a language aside: who sent it can mend
 * it and send it again. Whether what it refers to is there only the roster knows.
 */
export const readEvent = ({ type, action, record, toRoleId, ...reading }: EventRecord): EventReading => {
  const isRemoval = action === 'deleted' || isToBeDeleted(record)
  const [, , , ...cells] = toCells(type, record, 'delta', reading.sources)
  const taken = [sourcedIdOf(record), ...(isRemoval ? ['tobedeleted', anyMoment] : ['active', anyMoment, ...cells])]
  const line = readCells(type, taken, reading)
  const roles = type === 'users' && !isRemoval ? readRoles(record, { toRoleId, ...reading }) : { rows: [], faults: [], taken: [] }
  const faults = [
    ...line.faults.filter(({ code }) => !isWarning(code)).map(({ column, code }) => ({ pointer: toRecordPointer(column), code })),
    ...roles.faults,
    ...(isRemoval ? [] : findListFaults(record)),
  ]
  if (faults.length > 0 || line.sourcedId === null) return { faults }
  return { sourcedId: line.sourcedId, rows: [...line.rows, ...roles.rows], taken: [taken, ...roles.taken] }
}

/** A list of anything but objects would read as an empty one, which ends whatever it does not have. */
const findListFaults = (record: RestRecord): RecordFault[] =>
  ['roles', 'orgs', 'agents', 'terms'].flatMap((name) => {
    const list: unknown = record[name] ?? []
    if (!Array.isArray(list)) return [{ pointer: `/${name}`, code: 'value-unknown' as const }]
    return list.flatMap((of: unknown, index) =>
      typeof of === 'object' && of !== null && !Array.isArray(of) ? [] : [{ pointer: `/${name}/${index}`, code: 'value-unknown' as const }],
    )
  })

/** OneRoster 1.1 has one role for all organisations of a user. */
const listRoles = (record: RestRecord): RestRole[] | null => {
  if (Array.isArray(record['roles'])) return toRoles(record)
  if (typeof record['role'] !== 'string' || !Array.isArray(record['orgs'])) return null
  return toRoles({ ...record, roles: record['orgs'].map((org: unknown) => ({ role: record['role'], org })) })
}

/** A person's roles, all of them: what the record does not list has ended. */
const readRoles = (
  record: RestRecord,
  { toRoleId, ...reading }: Pick<EventRecord, 'toRoleId' | 'sources' | 'toLanguage'>,
): { rows: RosterRow[]; faults: RecordFault[]; taken: string[][] } => {
  const roles = listRoles(record)
  if (roles === null) return { rows: [], faults: [{ pointer: '/roles', code: 'required-missing' }], taken: [] }
  const lines = roles.map((role) => {
    const { userSourcedId, orgSourcedId, beginDate, endDate } = role
    return [toRoleId(role), 'active', anyMoment, userSourcedId, role.role, orgSourcedId, beginDate, endDate]
  })
  const read = lines.map((cells) => readCells('roles', cells, reading))
  const faults = read.flatMap(({ faults: found }, index) =>
    found
      // The record's own id, which is looked at once.
      .filter(({ column }) => column !== 'userSourcedId')
      .map(({ column, code }) => ({ pointer: `/roles/${index}${toRecordPointer(column)}`, code })),
  )
  const rows = read.flatMap((line) => line.rows).filter((row) => row.kind === 'role')
  return { rows: [...new Map(rows.map((row) => [row.sourcedId, row])).values()], faults, taken: lines }
}
