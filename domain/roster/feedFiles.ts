/**
 * The files of OneRoster 1.1 and 1.2. Sources: 1EdTech OneRoster CSV tables, versions 1.1 and 1.2.
 */
export const feedVersions = ['1.1', '1.2'] as const
export type FeedVersion = (typeof feedVersions)[number]

/** What the manifest says of a file: everything there is, only what changed, or not sent. */
export const fileModes = ['bulk', 'delta', 'absent'] as const
export type FileMode = (typeof fileModes)[number]

/** The files that are taken, in the order in which they are read: what is referred to comes first. */
export const takenFiles = ['orgs', 'academicSessions', 'courses', 'classes', 'users', 'roles', 'enrollments'] as const
export type TakenFile = (typeof takenFiles)[number]

/** Files that OneRoster has and Hallpass never opens: grades, resources, and the accounts of other systems. */
const ignoredFiles = [
  'categories',
  'classResources',
  'courseResources',
  'lineItemLearningObjectiveIds',
  'lineItems',
  'lineItemScoreScales',
  'resources',
  'resultLearningObjectiveIds',
  'results',
  'resultScoreScales',
  'scoreScales',
  'userProfiles',
  'userResources',
] as const

/** Birth dates, sex and race: a feed that has it is refused, so that nobody believes that we should get it. */
export const refusedFile = 'demographics'

export const isTakenFile = (name: string, version: FeedVersion): name is TakenFile =>
  takenFiles.some((file) => file === name) && !(version === '1.1' && name === 'roles')

export const isKnownFile = (name: string, version: FeedVersion): boolean =>
  isTakenFile(name, version) || ignoredFiles.some((file) => file === name) || name === refusedFile
