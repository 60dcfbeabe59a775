import { collections } from './rest/records.ts'

/** What a system says has happened to a row. `created` of what is there changes it, `updated` of what is not there adds it: what counts is what the record says. */
export const eventActions = ['created', 'updated', 'deleted'] as const
export type EventAction = (typeof eventActions)[number]

/** What a change may be of, as OneRoster names its collections. Demographics are none of them. */
export const eventTypes = [...collections, 'guardianships'] as const
export type EventType = (typeof eventTypes)[number]

/** `stale`: a newer source had spoken for it. */
export const eventOutcomes = ['applied', 'unchanged', 'stale'] as const
export type EventOutcome = (typeof eventOutcomes)[number]

export const eventLimits = {
  /** As long as a line of a feed may be. */
  recordCharactersMax: 65_536,
  /** How far another clock may be ahead of ours. What is within it counts as now, what is beyond is refused: it would outdo every source until then. */
  skewSeconds: 300,
  /** How long a change waits for another of the same district before its sender is asked to send it again. */
  lockWaitMs: 2_000,
  lockRetrySeconds: 5,
  /** Whoever ends a term ends what a hundred thousand people may do. */
  statementMsMax: 20_000,
  transactionMsMax: 30_000,
} as const
