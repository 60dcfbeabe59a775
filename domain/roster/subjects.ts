/** What a roster is made of. A guardianship is made of the links that users' lines have; a connection, with a student or as a substitute's with a section, is the district's own. */
export const rosterSubjects = [
  'school',
  'term',
  'course',
  'section',
  'user',
  'org-role',
  'enrollment',
  'guardianship',
  'provider-connection',
] as const
export type RosterSubject = (typeof rosterSubjects)[number]

/** `suspended`: a removal that the brake holds, which ends access all the same. `restored`: such a one was discarded, or a newer source named it again. */
export const rosterChanges = ['added', 'changed', 'removed', 'suspended', 'restored'] as const
export type RosterChangeKind = (typeof rosterChanges)[number]

/** Why a row changed. */
export const rosterReasons = {
  'in-feed': 'a line of the feed says so',
  'to-be-deleted': 'a line of the feed says tobedeleted, or an event says deleted',
  'absent-from-bulk': 'the bulk file has no line for it that was taken',
  'school-removed': 'the school of the section was removed',
  'links-changed': 'who is whose guardian follows from the lines of the people, and one of them changed',
  'removal-approved': 'the district approved a removal that the brake held',
  'removal-discarded': 'the district discarded a removal that the brake held',
  'by-district': 'the district connected a service provider with a student, or a substitute with a section, or ended it',
  'person-left': 'the service provider or substitute works for the district no more, or one of the two has left',
} as const
export type RosterReason = keyof typeof rosterReasons
export const rosterReasonCodes = Object.keys(rosterReasons) as RosterReason[]
