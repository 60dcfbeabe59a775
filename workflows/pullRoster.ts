import { defineSearchAttributeKey } from '@temporalio/common'
import {
  ActivityFailure,
  ApplicationFailure,
  isCancellation,
  proxyActivities,
  setCurrentDetails,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow'
import type { PullActivities } from '../activities/roster/pull/createPullActivities.ts'
import type { PulledFeed } from '../activities/roster/pull/pullFeed.ts'
import { toPullsQueue, type PullRef } from './contract.ts'

export type PullOutcome = PulledFeed | { outcome: 'failed'; code: string }

const proxyPullActivities = () => {
  const taskQueue = toPullsQueue(workflowInfo().taskQueue)
  const { pullFeed } = proxyActivities<PullActivities>({
    taskQueue,
    // A district of a million, from a system that is slow and asks to wait.
    startToCloseTimeout: '3 hours',
    scheduleToCloseTimeout: '10 hours',
    heartbeatTimeout: '1 minute',
    retry: { initialInterval: '1 minute', backoffCoefficient: 3, maximumInterval: '1 hour', maximumAttempts: 6 },
  })
  const { endPull } = proxyActivities<PullActivities>({
    taskQueue,
    startToCloseTimeout: '1 minute',
    retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
  })
  return { pullFeed, endPull }
}

/**
 * One attempt to fetch a district's roster from its system: what is there becomes an ordinary feed in the bucket, whose sync goes on by itself. A system that does not
 * answer as it should ends the attempt and not the run: it is not ours to mend, the next attempt comes by the clock, and until then access ends by single events,
 * terms and uploads as ever.
 */
export async function pullRoster(ref: PullRef): Promise<PullOutcome> {
  show(ref, 'pulling')
  const outcome = await tryPull(ref)
  show(ref, outcome.outcome)
  return outcome
}

const tryPull = async (ref: PullRef): Promise<PullOutcome> => {
  const { pullFeed, endPull } = proxyPullActivities()
  try {
    return await pullFeed(ref)
  } catch (error) {
    if (isCancellation(error)) throw error
    const code = toCode(error)
    return (await endPull(ref, code)) ? { outcome: 'failed', code } : { outcome: 'superseded' }
  }
}

/** Words of ours: the type of a failure is a code. */
const toCode = (error: unknown): string => {
  if (!(error instanceof ActivityFailure)) return 'failed'
  return error.cause instanceof ApplicationFailure ? (error.cause.type ?? 'failed') : 'timed-out'
}

const show = ({ districtId, pullId, attempt }: PullRef, stage: string): void => {
  upsertSearchAttributes([
    { key: defineSearchAttributeKey('DistrictId', 'KEYWORD'), value: districtId },
    { key: defineSearchAttributeKey('Stage', 'KEYWORD'), value: stage },
  ])
  setCurrentDetails(`**${stage}** · pull ${pullId} · attempt ${attempt}`)
}
