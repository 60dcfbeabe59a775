import { ActivityFailure, isCancellation, proxyActivities, setCurrentDetails, sleep } from '@temporalio/workflow'
import type { SweepActivities } from '../activities/createSweepActivities.ts'
import type { SyntheticEnd } from '../domain/syntheticEicar.ts'
import type { SyntheticPlan } from './contract.ts'

/**
 * Sends a test virus through the front door, waits until it is quarantined, and cleans up. Whatever else becomes of it within the limit is told to the engineers: that
 * it could not be sent, that it waits, and above all that it passed for clean.
 */
export async function sendSyntheticEicar({ limitSeconds, lookEverySeconds }: SyntheticPlan): Promise<{ end: SyntheticEnd }> {
  const act = proxyActivities<SweepActivities>({
    startToCloseTimeout: '1 minute',
    retry: { initialInterval: '1 second', maximumInterval: '10 seconds', maximumAttempts: 3 },
  })
  const startedAt = Date.now()
  const untilEnd = async (look: (isLate: boolean) => Promise<SyntheticEnd | null>): Promise<SyntheticEnd> => {
    for (;;) {
      await sleep(lookEverySeconds * 1_000)
      const end = await look(Date.now() - startedAt >= limitSeconds * 1_000)
      if (end !== null) return end
    }
  }
  const attachmentId = await sendOrNull(() => act.sendTestVirus())
  const found = attachmentId === null ? 'not-sent' : await untilEnd((isLate) => act.lookAtTestVirus(attachmentId, isLate))
  setCurrentDetails(`**${found}** · attachment ${attachmentId ?? 'none'}`)
  try {
    await act.judgeTestVirus(found, attachmentId)
  } finally {
    if (attachmentId !== null) await act.cleanUpTestVirus(attachmentId)
  }
  return { end: found }
}

/** A door that is shut is what this is here to find. */
const sendOrNull = async (send: () => Promise<string>): Promise<string | null> => {
  try {
    return await send()
  } catch (error) {
    if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error
    return null
  }
}
