/** An audit lets its auditor read for so long; whoever needs longer says why again. */
export const auditHours = 8

/** What an auditor does under an audit; each time is a row that the district sees. */
export const auditActs = ['search', 'read', 'download'] as const
export type AuditAct = (typeof auditActs)[number]

/**
 * What an audit is for: somebody's conduct is looked into; a family asked what was written with their child; a court, a records request or an inspection asks; or the
 * district reads a sample.
 */
export const auditPurposes = ['investigation', 'family-request', 'records-request', 'routine-check'] as const
export type AuditPurpose = (typeof auditPurposes)[number]

/** The teacher of a conversation may be shown that it was audited for these. Of an investigation nobody hears who might be what it is about. */
export const shownPurposes = ['family-request', 'records-request', 'routine-check'] as const satisfies readonly AuditPurpose[]
