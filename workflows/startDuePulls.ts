import { proxyActivities, setCurrentDetails } from '@temporalio/workflow'
import type { SweepActivities } from '../activities/createSweepActivities.ts'

/** Looks which districts' rosters are to be fetched, and begins it. Runs often and is short: the fetching is a run of its own for each. */
export async function startDuePulls(): Promise<{ started: number }> {
  const act = proxyActivities<SweepActivities>({
    startToCloseTimeout: '2 minutes',
    retry: { initialInterval: '1 second', maximumInterval: '10 seconds', maximumAttempts: 5 },
  })
  const started = await act.startDuePulls()
  setCurrentDetails(`pulls started ${started}`)
  return { started }
}
