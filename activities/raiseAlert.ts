import { ApplicationFailure } from '@temporalio/activity'
import { PagerRefused } from '../clients/pagerDuty.ts'
import type { Alert, Pager } from '../domain/ports.ts'

/** Hands over an alert. What the receiver will never take is not tried again: somebody has to mend its settings. */
export const raiseAlert = async (pager: Pager, alert: Alert): Promise<void> => {
  try {
    await pager.raise(alert)
  } catch (error) {
    if (error instanceof PagerRefused) throw ApplicationFailure.nonRetryable('the pager takes no alert of ours', 'PagerRefused')
    throw error
  }
}
