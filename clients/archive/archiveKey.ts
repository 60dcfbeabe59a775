import type { RunRef } from '../../crypto/archiveBinding.ts'

/** The key of the key service under which archived histories are sealed. Its own, so that who writes them need not be able to read them. */
export const archiveKeyName = 'fleet/archive'

/** A run that has ended. */
export type ClosedRun = RunRef & { closedAt: Date }

/** Where everything of one workflow id lies. */
export const toArchivePrefix = (workflowId: string): string => `${workflowId}/`

/**
 * Where a run's history lies: `{workflow id}/{when it closed}_{run id}`. It follows from the run alone, so that archiving twice is archiving once, and the
 * runs of one workflow id stand in their order.
 */
export const toArchiveKey = ({ workflowId, runId, closedAt }: ClosedRun): string =>
  `${toArchivePrefix(workflowId)}${closedAt.toISOString()}_${runId}`

const runIdPattern = /_([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/

/** The run id in a key made here; null for any other key. */
export const toArchivedRunId = (key: string): string | null => runIdPattern.exec(key)?.[1] ?? null
