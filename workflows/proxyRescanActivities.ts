import { proxyActivities, workflowInfo } from '@temporalio/workflow'
import type { AttachmentActivities } from '../activities/createAttachmentActivities.ts'
import type { RescanActivities } from '../activities/createRescanActivities.ts'
import { toRescansQueue, type ScanPace } from './contract.ts'

type Steps = Pick<
  AttachmentActivities,
  'recordRescan' | 'withdrawAttachment' | 'withdrawCopies' | 'alertWithdrawn' | 'tellUploader' | 'removeWithdrawn' | 'closeWithdrawal'
>

/**
 * A look has few tries, since the next round looks too. What follows a finding is tried until it is done; but whoever is to be told is tried a
 * few times only, since the round waits, and files behind this one may be infected too: a later round tells them.
 */
export const proxyRescanActivities = (pace: ScanPace): Steps & RescanActivities => {
  const untilDone = { initialInterval: pace.waitBetweenTriesMs, backoffCoefficient: 2, maximumInterval: pace.waitBetweenTriesMs * 60 }
  const stream = {
    taskQueue: toRescansQueue(workflowInfo().taskQueue),
    startToCloseTimeout: pace.streamTimeoutMs,
    heartbeatTimeout: pace.heartbeatTimeoutMs,
  }
  const { lookAgain } = proxyActivities<RescanActivities>({ ...stream, retry: { ...untilDone, maximumAttempts: pace.attemptsPerRound } })
  const { quarantineWithdrawn } = proxyActivities<RescanActivities>({ ...stream, retry: untilDone })
  const steps = proxyActivities<AttachmentActivities>({ startToCloseTimeout: pace.stepTimeoutMs, retry: untilDone })
  const { alertWithdrawn, tellUploader } = proxyActivities<AttachmentActivities>({
    startToCloseTimeout: pace.stepTimeoutMs,
    retry: { ...untilDone, maximumAttempts: 4 },
  })
  // It walks as many copies as there are.
  const { withdrawCopies } = proxyActivities<AttachmentActivities>({
    startToCloseTimeout: pace.streamTimeoutMs,
    heartbeatTimeout: pace.heartbeatTimeoutMs,
    retry: untilDone,
  })
  return {
    lookAgain,
    quarantineWithdrawn,
    withdrawCopies,
    recordRescan: steps.recordRescan,
    withdrawAttachment: steps.withdrawAttachment,
    alertWithdrawn,
    tellUploader,
    removeWithdrawn: steps.removeWithdrawn,
    closeWithdrawal: steps.closeWithdrawal,
  }
}
