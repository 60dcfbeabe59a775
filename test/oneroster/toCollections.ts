import type { FeedTables } from '../../demo/roster/toFeedTables.ts'
import { metadataPrefix } from '../../domain/roster/columns.ts'
import { splitList } from '../../domain/roster/readField.ts'
import type { Collections } from './startProvider.ts'

type Line = Readonly<Record<string, string>>

const toLines = (table: readonly string[][] = []): Line[] => {
  const [header = [], ...rows] = table
  return rows.map((row) => Object.fromEntries(header.map((column, index) => [column, row[index] ?? ''])))
}

const reference = (sourcedId: string | undefined, type: string) => ({ href: `https://sis.example.org/${type}/x`, sourcedId, type })
const references = (list: string | undefined, type: string) => splitList(list ?? '').map((id) => reference(id, type))

/** What no provider should send us, and many do. */
export const unwanted = {
  password: 'canary-password',
  username: 'canary-username',
  identifier: 'canary-identifier',
  pronouns: 'canary-pronouns',
  userMasterIdentifier: 'canary-master',
  middleName: 'canary-middle',
  preferredFirstName: 'canary-preferred',
  birthDate: 'canary-birth',
  sms: 'canary-sms',
  userIds: [{ type: 'LDAP', identifier: 'canary-ldap' }],
  grades: ['canary-grade'],
}

/** A OneRoster 1.2 feed in bulk as a provider would have it over REST, every row last changed at `changedAt`. */
export const toCollections = (tables: FeedTables, changedAt: string): Collections => {
  const lead = (line: Line) => ({ sourcedId: line['sourcedId'], status: 'active', dateLastModified: changedAt })
  const rolesOf = Map.groupBy(toLines(tables.roles), (role) => role['userSourcedId'])
  return {
    orgs: toLines(tables.orgs).map((line) => ({ ...lead(line), name: line['name'], type: line['type'], identifier: 'canary-org' })),
    academicSessions: toLines(tables.academicSessions).map(({ sourcedId = '', ...line }) => ({
      ...lead({ sourcedId }),
      ...withoutLead(line),
    })),
    courses: toLines(tables.courses).map((line) => ({ ...lead(line), title: line['title'], org: reference(line['orgSourcedId'], 'org') })),
    classes: toLines(tables.classes).map((line) => ({
      ...lead(line),
      title: line['title'],
      classType: line['classType'],
      course: reference(line['courseSourcedId'], 'course'),
      school: reference(line['schoolSourcedId'], 'org'),
      terms: references(line['termSourcedIds'], 'academicSession'),
    })),
    users: toLines(tables.users).map((line) => ({
      ...unwanted,
      ...lead(line),
      enabledUser: line['enabledUser'],
      givenName: line['givenName'],
      familyName: line['familyName'],
      email: line['email'],
      phone: line['phone'],
      agents: references(line['agentSourcedIds'], 'user'),
      roles: (rolesOf.get(line['sourcedId']) ?? []).map((role) => ({
        roleType: role['roleType'],
        role: role['role'],
        org: reference(role['orgSourcedId'], 'org'),
      })),
      metadata: { ...toMetadata(line), birthPlace: 'canary-metadata' },
    })),
    enrollments: toLines(tables.enrollments).map((line) => ({
      ...lead(line),
      user: reference(line['userSourcedId'], 'user'),
      class: reference(line['classSourcedId'], 'class'),
      school: reference(line['schoolSourcedId'], 'org'),
      role: line['role'],
      primary: 'false',
      beginDate: line['beginDate'],
      ...(line['endDate'] === '' ? {} : { endDate: line['endDate'] }),
    })),
  }
}

const withoutLead = ({ status: _status, dateLastModified: _changed, ...line }: Line): Line => line

const toMetadata = (line: Line): Line =>
  Object.fromEntries(
    Object.entries(line).flatMap(([column, value]) =>
      column.startsWith(metadataPrefix) ? [[column.slice(metadataPrefix.length), value]] : [],
    ),
  )
