import { proxyActivities, setCurrentDetails } from '@temporalio/workflow'
import type { SweepActivities } from '../activities/createSweepActivities.ts'

/** Looks for school years that are over, and asks for a run for each. */
export async function closeSchoolYears(): Promise<{ districts: number }> {
  const { askForYearEnds } = proxyActivities<SweepActivities>({
    startToCloseTimeout: '1 hour',
    heartbeatTimeout: '30 seconds',
    retry: { initialInterval: '1 second', maximumInterval: '1 minute', maximumAttempts: 5 },
  })
  const districts = await askForYearEnds()
  setCurrentDetails(`districts with a school year to close ${districts}`)
  return { districts }
}
