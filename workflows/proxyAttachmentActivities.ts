import { proxyActivities, workflowInfo } from '@temporalio/workflow'
import type { AttachmentActivities } from '../activities/createAttachmentActivities.ts'
import type { StreamActivities } from '../activities/createStreamActivities.ts'
import { toIsolationQueue, toStreamsQueue, type ScanPace } from './contract.ts'

/** What runs of their own do, and a scan does not. */
type OfOtherRuns =
  | 'readPace'
  | 'removeCleanObject'
  | 'recordRescan'
  | 'withdrawAttachment'
  | 'withdrawCopies'
  | 'alertWithdrawn'
  | 'removeWithdrawn'
  | 'closeWithdrawal'

export type PacedActivities = Omit<AttachmentActivities, OfOtherRuns> & StreamActivities

/**
 * The activities with bounded tries: after one round the workflow itself waits, so that a signal can wake it. Those that stream have one try a
 * round, in isolation once the file broke off.
 */
export const proxyAttachmentActivities = (pace: ScanPace, isIsolated: () => boolean): PacedActivities => {
  const retry = {
    initialInterval: pace.waitBetweenTriesMs,
    backoffCoefficient: 2,
    maximumInterval: pace.waitBetweenTriesMs * 8,
    maximumAttempts: pace.attemptsPerRound,
  }
  const steps = proxyActivities<AttachmentActivities>({ startToCloseTimeout: pace.stepTimeoutMs, retry })
  const queue = workflowInfo().taskQueue
  const proxyStreams = (taskQueue: string, startToCloseTimeout: number, summary: string): StreamActivities =>
    proxyActivities<StreamActivities>({
      taskQueue,
      startToCloseTimeout,
      heartbeatTimeout: pace.heartbeatTimeoutMs,
      summary,
      retry: { maximumAttempts: 1 },
    })
  // A wait for the engine behind one other file, a look, and the way to the store: the worker ends the look by itself (`ScanTurns`).
  const first = proxyStreams(toStreamsQueue(queue), 3 * (pace.firstStreamTimeoutMs ?? pace.streamTimeoutMs), 'reads the whole file')
  const isolated = proxyStreams(
    toIsolationQueue(queue),
    pace.streamTimeoutMs,
    'reads the whole file, in isolation: it broke off in the middle before',
  )
  const streams = (): StreamActivities => (isIsolated() ? isolated : first)
  return {
    pinVersion: steps.pinVersion,
    reopenTicket: steps.reopenTicket,
    inspectObject: (ref) => streams().inspectObject(ref),
    releaseObject: (ref, inspection) => streams().releaseObject(ref, inspection),
    quarantineObject: (ref, inspection) => streams().quarantineObject(ref, inspection),
    refuseObject: steps.refuseObject,
    removeIncoming: steps.removeIncoming,
    closeAttachment: steps.closeAttachment,
    recordFailure: steps.recordFailure,
    tellUploader: steps.tellUploader,
    alertInfected: steps.alertInfected,
  }
}
