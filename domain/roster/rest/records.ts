import { metadataPrefix, type MetadataColumn } from '../columns.ts'
import type { TakenFile } from '../feedFiles.ts'
import { toMetadataColumns, type MetadataSources } from '../metadataSources.ts'

/** What a collection of the REST binding holds, as it came. Source: 1EdTech OneRoster Rostering Service REST/JSON binding 1.2. */
export type RestRecord = Readonly<Record<string, unknown>>

/** The collections, which are named as the files are. Roles have none: they stand within users. */
export const collections = [
  'orgs',
  'academicSessions',
  'courses',
  'classes',
  'users',
  'enrollments',
] as const satisfies readonly TakenFile[]
export type Collection = (typeof collections)[number]

/** A role of somebody, without an id: REST gives it none. */
export type RestRole = { userSourcedId: string; role: string; orgSourcedId: string; beginDate: string; endDate: string }

// A line break within a field would damage its neighbours; where one stands in an id, the id is still none.
// oxlint-disable-next-line eslint/no-control-regex
const breaks = /[\u0000-\u001F\u007F-\u009F\u2028\u2029]+/g

/** A field as a cell. What is no single value is blank, and the reader of feeds says so. */
const toText = (value: unknown): string => {
  if (typeof value === 'string') return value.replace(breaks, ' ')
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
}

/** Some providers write a day as the midnight that begins it. */
const toDay = (value: unknown): string => toText(value).replace(/T00:00:00(?:\.0+)?Z?$/, '')

const isRecord = (value: unknown): value is RestRecord => typeof value === 'object' && value !== null && !Array.isArray(value)

const toList = (value: unknown): RestRecord[] => (Array.isArray(value) ? value.filter(isRecord) : [])

/** The id that a reference (`{ href, sourcedId, type }`) names. */
export const toReference = (value: unknown): string => (isRecord(value) ? toText(value['sourcedId']) : '')

/** A comma in an id would make two of it. */
const toReferences = (value: unknown): string =>
  toList(value)
    .map((one) => toReference(one).replaceAll(',', ' '))
    .join(',')

/** Anything else than words is none of them: a grade refuses no class. */
const toWords = (value: unknown): string => (Array.isArray(value) ? value : [value]).filter((word) => typeof word === 'string').join(',')

const columns = {
  orgs: ['name', 'type'],
  academicSessions: ['title', 'type', 'startDate', 'endDate', 'schoolYear'],
  courses: ['title'],
  classes: ['title', 'courseSourcedId', 'schoolSourcedId', 'termSourcedIds', 'grades'],
  users: ['enabledUser', 'givenName', 'familyName', 'email', 'phone', 'agentSourcedIds'],
  roles: ['userSourcedId', 'role', 'orgSourcedId', 'beginDate', 'endDate'],
  enrollments: ['classSourcedId', 'userSourcedId', 'role', 'beginDate', 'endDate'],
} as const satisfies Record<TakenFile, readonly string[]>

/** What is written of each file, and nothing else: what Hallpass does not take is not in the feed that a pull makes. */
export const toHeaderCells = (file: TakenFile, sources: MetadataSources): string[] => [
  'sourcedId',
  'status',
  'dateLastModified',
  ...columns[file],
  ...(file === 'users' ? toMetadataColumns(sources) : []),
]

export const sourcedIdOf = (record: RestRecord): string => toText(record['sourcedId'])

/** `inactive` is what older providers say. */
export const isToBeDeleted = (record: RestRecord): boolean => record['status'] === 'tobedeleted' || record['status'] === 'inactive'

/** Bulk says nothing of changes; a delta says of each row what it is now and since when. */
export const toLeadCells = (record: RestRecord, mode: 'bulk' | 'delta'): string[] => {
  const sourcedId = sourcedIdOf(record)
  if (mode === 'bulk') return [sourcedId, '', '']
  return [sourcedId, isToBeDeleted(record) ? 'tobedeleted' : toText(record['status']), toText(record['dateLastModified'])]
}

const fields: Readonly<Record<Collection, (record: RestRecord) => string[]>> = {
  orgs: (of) => [toText(of['name']), toText(of['type'])],
  academicSessions: (of) => [
    toText(of['title']),
    toText(of['type']),
    toDay(of['startDate']),
    toDay(of['endDate']),
    toText(of['schoolYear']),
  ],
  courses: (of) => [toText(of['title'])],
  classes: (of) => [
    toText(of['title']),
    toReference(of['course']),
    toReference(of['school']),
    toReferences(of['terms']),
    toWords(of['grades']),
  ],
  users: (of) => [
    ...['enabledUser', 'givenName', 'familyName', 'email', 'phone'].map((name) => toText(of[name])),
    toReferences(of['agents']),
  ],
  enrollments: (of) => [
    toReference(of['class']),
    toReference(of['user']),
    toText(of['role']),
    toDay(of['beginDate']),
    toDay(of['endDate']),
  ],
}

/** The cells of a record, in the order of `toHeaderCells`. */
export const toCells = (collection: Collection, record: RestRecord, mode: 'bulk' | 'delta', sources: MetadataSources): string[] => [
  ...toLeadCells(record, mode),
  ...fields[collection](record),
  ...(collection === 'users' ? toMetadataColumns(sources).map((column) => toMetadata(record, column)) : []),
]

/** What the district's systems write into a column of their own. */
export const toMetadata = (record: RestRecord, column: MetadataColumn): string => {
  const name = column.slice(metadataPrefix.length)
  const metadata = record['metadata']
  return isRecord(metadata) && Object.hasOwn(metadata, name) ? toText(metadata[name]) : ''
}

/** What somebody is, and where. */
export const toRoles = (user: RestRecord): RestRole[] =>
  toList(user['roles']).map((role) => ({
    userSourcedId: sourcedIdOf(user),
    role: toText(role['role']),
    orgSourcedId: toReference(role['org']),
    beginDate: toDay(role['beginDate']),
    endDate: toDay(role['endDate']),
  }))
