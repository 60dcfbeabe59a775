/**
 * What somebody says of a message, an announcement or a file, or what the language check found in a text, for the people whom the district names. The one
 * who wrote it sees nothing of it.
 */

/** `language`: nobody said so, the words did. */
export const reportOrigins = ['person', 'language'] as const
export type ReportOrigin = (typeof reportOrigins)[number]

/** What a text can raise by its words, the gravest first. */
export const concernKinds = ['self-harm', 'abuse', 'threat', 'grooming'] as const
export type ConcernKind = (typeof concernKinds)[number]

/** What a person can say is the matter. */
export const reportCategories = [...concernKinds, 'bullying', 'sexual', 'other'] as const
export type ReportCategory = (typeof reportCategories)[number]

export const reportStates = ['flagged', 'resolved', 'no-issue', 'reopened'] as const
export type ReportState = (typeof reportStates)[number]

export const reportDecisions = ['resolve', 'no-issue', 'reopen'] as const
export type ReportDecision = (typeof reportDecisions)[number]

/** Somebody still has to look at these. */
export const openReportStates = ['flagged', 'reopened'] as const satisfies readonly ReportState[]

/** From which states each decision leads where. */
export const reportSteps = {
  resolve: { from: openReportStates, to: 'resolved' },
  'no-issue': { from: openReportStates, to: 'no-issue' },
  reopen: { from: ['resolved', 'no-issue'], to: 'reopened' },
} as const satisfies Record<ReportDecision, { from: readonly ReportState[]; to: ReportState }>

/** What is written down of a report, one row each: what became of it, and every look of a privileged person. */
export const reportActs = [...reportStates, 'looked', 'downloaded'] as const
export type ReportAct = (typeof reportActs)[number]

/** So many messages before and after the reported one are shown with it. */
export const reportContextMessages = 5
