import type { FeedVersion, TakenFile } from './feedFiles.ts'

/**
 * The columns of each file that is taken. `required` must be there, with a value on every row; `optional` is taken when it is there; `dropped`
 * belongs to OneRoster and is forgotten before a row is made: nothing reads it. Every file also has `sourcedId`, `status` and `dateLastModified`.
 */
export type Columns = { required: readonly string[]; optional: readonly string[]; dropped: readonly string[] }

/** Columns of the district's own. One of them may tell of custody, one of the language of the home; the rest are dropped. */
export const metadataPrefix = 'metadata.'
export type MetadataColumn = `${typeof metadataPrefix}${string}`

const usersDropped = [
  'username',
  'userIds',
  'middleName',
  'identifier',
  'sms',
  'grades',
  'password',
  'userMasterIdentifier',
  'preferredGivenName',
  'preferredMiddleName',
  'preferredFamilyName',
  'primaryOrgSourcedId',
  'pronouns',
]

const usersDroppedBefore12 = ['username', 'userIds', 'middleName', 'identifier', 'sms', 'grades', 'password']

const shared: Readonly<Record<Exclude<TakenFile, 'users'>, Columns>> = {
  orgs: { required: ['name', 'type'], optional: [], dropped: ['identifier', 'parentSourcedId'] },
  academicSessions: { required: ['title', 'type', 'startDate', 'endDate', 'schoolYear'], optional: [], dropped: ['parentSourcedId'] },
  courses: {
    required: ['title'],
    optional: [],
    dropped: ['schoolYearSourcedId', 'courseCode', 'grades', 'orgSourcedId', 'subjects', 'subjectCodes'],
  },
  classes: {
    required: ['title', 'courseSourcedId', 'schoolSourcedId', 'termSourcedIds'],
    optional: ['grades'],
    dropped: ['classCode', 'classType', 'location', 'subjects', 'subjectCodes', 'periods'],
  },
  roles: {
    required: ['userSourcedId', 'role', 'orgSourcedId'],
    optional: ['beginDate', 'endDate'],
    dropped: ['roleType', 'userProfileSourcedId'],
  },
  enrollments: {
    required: ['classSourcedId', 'userSourcedId', 'role'],
    optional: ['beginDate', 'endDate'],
    dropped: ['schoolSourcedId', 'primary'],
  },
}

const users: Readonly<Record<FeedVersion, Columns>> = {
  '1.1': {
    required: ['enabledUser', 'orgSourcedIds', 'role', 'givenName', 'familyName'],
    optional: ['email', 'phone', 'agentSourcedIds'],
    dropped: usersDroppedBefore12,
  },
  '1.2': {
    required: ['enabledUser', 'givenName', 'familyName'],
    optional: ['email', 'phone', 'agentSourcedIds'],
    dropped: usersDropped,
  },
}

export const columnsOf = (file: TakenFile, version: FeedVersion): Columns => (file === 'users' ? users[version] : shared[file])
