/** Every reason for which two people may not converse. The sentences are for those who ask why. */
export const reachReasons = {
  'same-person': 'nobody converses with themselves',
  'person-unknown': 'the district has no such person',
  'no-roster-yet': 'the district had no roster yet',
  'nothing-in-common':
    'no section has ever had one of them as teacher and the other, or the other’s child, as student, and the district has connected neither',
  'nobody-teaches': 'they are in one section, and neither teaches the other, or the other’s child, there',
  'no-guardianship': 'neither of them has ever been a guardian of the student',
  'person-inactive': 'one of the people is no longer active',
  suspended: 'the removal of it is held by the brake: access has ended, and the district decides whether it comes back',
  'enrollment-removed': 'the enrollment was removed from the roster, or another took its place',
  'enrollment-not-begun': 'the enrollment has not begun',
  'enrollment-ended': 'the enrollment’s last day has passed',
  'section-removed': 'the section was removed from the roster',
  'section-without-term': 'the section runs in no term',
  'term-removed': 'the term was removed from the roster',
  'term-not-begun': 'the term has not begun',
  'term-over': 'the term is over',
  'guardianship-removed': 'the guardianship was removed from the roster, or another took its place',
  'guardianship-not-begun': 'the guardianship has not begun',
  'guardianship-ended': 'the guardianship has ended',
  'custody-denied': 'the roster says that the guardian may not be written to about the student',
  'custody-unknown': 'the district has not confirmed that the guardian may be written to about the student',
  'connection-removed': 'the district ended the connection of the service provider or substitute with the student',
  'connection-not-begun': 'the connection of the service provider or substitute with the student has not begun',
  'connection-ended': 'the last day of the connection of the service provider or substitute with the student has passed',
  'work-suspended':
    'the removal of the role by which the service provider or substitute is of the district’s staff is held by the brake: access has ended, and the district decides whether it comes back',
  'provider-not-staff': 'the service provider or substitute is no longer of the district’s staff',
  'messaging-off': 'the district has not switched messaging on in the school that connects them',
  'guardians-off': 'the district has not switched messages to guardians on in the school that connects them',
  'no-term-running': 'no term of the district runs, and a connection opens nothing between the years',
} as const
export type ReachReason = keyof typeof reachReasons
export const reachReasonCodes = Object.keys(reachReasons) as ReachReason[]
