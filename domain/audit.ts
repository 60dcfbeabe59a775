/** An audit lets its auditor read for so long; whoever needs longer says why again. */
export const auditHours = 8

/** What an auditor does under an audit; each time is a row that the district sees. */
export const auditActs = ['search', 'read', 'download'] as const
export type AuditAct = (typeof auditActs)[number]
