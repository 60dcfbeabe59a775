/**
 * What a district switches on, school by school or everywhere at once. What is off is not there: it answers as what does not exist does (law 3).
 * `messaging`: conversations. `guardians`: conversations with guardians. `attachments`: files. `announcements`: of teachers to their sections.
 * `translations`: of what is read.
 */
export const features = ['messaging', 'announcements', 'attachments', 'guardians', 'translations'] as const
export type Feature = (typeof features)[number]

/** A feature that is on; `schoolId` is null where it is on in every school, those to come included. */
export type FeatureSwitch = { feature: Feature; schoolId: string | null }

/** One school in which it is on is enough. */
export const isSwitchedOn = (switches: readonly FeatureSwitch[], feature: Feature, schoolIds: readonly string[]): boolean =>
  switches.some((one) => one.feature === feature && (one.schoolId === null || schoolIds.includes(one.schoolId)))
