/**
 * What the product offers, and a district switches on, school by school or everywhere at once. What is off is not there: it answers as what does not
 * exist does (law 3). `messaging`: conversations. `guardians`: conversations with guardians. `attachments`: files. `announcements`: of teachers to
 * their sections. `translations`: of what is read.
 */
export const offeredFeatures = ['messaging', 'announcements', 'attachments', 'guardians', 'translations'] as const

/** What people write by: a district publishes its terms of use before it switches these on anywhere. */
export const contributions: readonly Feature[] = ['messaging', 'announcements']

/**
 * Who reads along in conversations that a section of the school connects, and never writes there. `guardians-read-along`: a student's guardians, in a
 * teacher's channel with the student; meant for young children, so a district may name the grades of the classes in which they do. `co-teachers-read-along`: the other teachers of the section.
 */
export const readAlongs = ['guardians-read-along', 'co-teachers-read-along'] as const

/** Whether the teacher of a conversation is shown, afterwards, that the district audited it. */
const disclosures = ['audits-shown-to-teachers'] as const

export const features = [...offeredFeatures, ...readAlongs, ...disclosures] as const
export type Feature = (typeof features)[number]

/** A feature that is on; `schoolId` is null where it is on in every school, those to come included. */
export type FeatureSwitch = { feature: Feature; schoolId: string | null }

/** One school in which it is on is enough. */
export const isSwitchedOn = (switches: readonly FeatureSwitch[], feature: Feature, schoolIds: readonly string[]): boolean =>
  switches.some((one) => one.feature === feature && (one.schoolId === null || schoolIds.includes(one.schoolId)))
