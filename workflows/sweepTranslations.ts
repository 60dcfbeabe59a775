import { proxyActivities, setCurrentDetails } from '@temporalio/workflow'
import type { SweepActivities } from '../activities/createSweepActivities.ts'

/** Counts of one sweep. */
export type TranslationSweepOutcome = { replayedTranslations: number }

/** Looks at translations that were asked for and repairs (law 6): those without a run. Safe to run beside live traffic and to run twice. */
export async function sweepTranslations(): Promise<TranslationSweepOutcome> {
  const { restartLostTranslations } = proxyActivities<SweepActivities>({
    scheduleToCloseTimeout: '15 minutes',
    startToCloseTimeout: '10 minutes',
    heartbeatTimeout: '30 seconds',
    retry: { initialInterval: '1 second', maximumInterval: '10 seconds', maximumAttempts: 5 },
  })
  const replayedTranslations = await restartLostTranslations()
  setCurrentDetails(`translations replayed ${replayedTranslations}`)
  return { replayedTranslations }
}
