import { proxyActivities, setCurrentDetails } from '@temporalio/workflow'
import type { SweepActivities } from '../activities/createSweepActivities.ts'

/** Removes quarantined objects whose retention is over: the key, the object, and a line in the audit log for each. */
export async function purgeQuarantine(): Promise<{ purged: number }> {
  const { purgeQuarantined } = proxyActivities<SweepActivities>({
    startToCloseTimeout: '5 minutes',
    heartbeatTimeout: '30 seconds',
    summary: 'removes the objects, their keys, and leaves a line in the audit log for each',
    retry: { initialInterval: '1 second', maximumInterval: '10 seconds', maximumAttempts: 5 },
  })
  const purged = await purgeQuarantined()
  setCurrentDetails(`quarantined objects purged ${purged}`)
  return { purged }
}
