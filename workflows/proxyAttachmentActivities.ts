import { proxyActivities, workflowInfo } from '@temporalio/workflow'
import type { AttachmentActivities } from '../activities/createAttachmentActivities.ts'
import type { StreamActivities } from '../activities/createStreamActivities.ts'
import { toStreamsQueue, type ScanPace } from './contract.ts'

export type PacedActivities = Omit<AttachmentActivities, 'readPace' | 'removeCleanObject'> & StreamActivities

/** The activities with bounded tries: after one round the workflow itself waits, so that a signal can wake it. */
export const proxyAttachmentActivities = (pace: ScanPace): PacedActivities => {
  const retry = {
    initialInterval: pace.waitBetweenTriesMs,
    backoffCoefficient: 2,
    maximumInterval: pace.waitBetweenTriesMs * 8,
    maximumAttempts: pace.attemptsPerRound,
  }
  const steps = proxyActivities<AttachmentActivities>({ startToCloseTimeout: pace.stepTimeoutMs, retry })
  const { inspectObject, releaseObject, quarantineObject } = proxyActivities<StreamActivities>({
    taskQueue: toStreamsQueue(workflowInfo().taskQueue),
    startToCloseTimeout: pace.streamTimeoutMs,
    heartbeatTimeout: pace.heartbeatTimeoutMs,
    retry,
  })
  return {
    pinVersion: steps.pinVersion,
    reopenTicket: steps.reopenTicket,
    inspectObject,
    releaseObject,
    quarantineObject,
    refuseObject: steps.refuseObject,
    removeIncoming: steps.removeIncoming,
    closeAttachment: steps.closeAttachment,
    recordFailure: steps.recordFailure,
    tellUploader: steps.tellUploader,
    alertInfected: steps.alertInfected,
  }
}
