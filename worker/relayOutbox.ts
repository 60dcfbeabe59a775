import { context, propagation, ROOT_CONTEXT } from '@opentelemetry/api'
import type { Client } from '@temporalio/client'
import { startWorkflow } from '../clients/temporalClient.ts'
import { acrossDistricts, type Database } from '../db/openDatabase.ts'
import { claimOutbox, type ClaimedStart } from '../db/queries/claimOutbox.ts'
import { markStarted, markStartFailed } from '../db/queries/settleOutbox.ts'

export type RelayDeps = {
  /** As role `relay`. */
  relay: Database
  client: Client
  /** How old an entry must be: younger ones are still being started by whoever made them. */
  ageSeconds?: number
}

const claimsAtOnce = 50
const startDeadlineMs = 5_000
const holdSeconds = 30

/**
 * One pass of the relay (law 5): starts what was committed and not started, oldest first. "Already started" counts as done. Answers
 * how many were claimed and how many of them could not be started; those are claimed again when their hold ends.
 */
export const relayOutbox = async ({ relay, client, ageSeconds = 5 }: RelayDeps): Promise<{ claimed: number; failed: number }> => {
  const starts = await acrossDistricts(relay, (tx) => claimOutbox(tx, { limit: claimsAtOnce, ageSeconds, holdSeconds }))
  const outcomes = await Promise.all(starts.map((start) => relayOne({ relay, client }, start)))
  return { claimed: starts.length, failed: outcomes.filter((isStarted) => !isStarted).length }
}

const relayOne = async ({ relay, client }: Pick<RelayDeps, 'relay' | 'client'>, start: ClaimedStart): Promise<boolean> => {
  try {
    await inTraceOf(start, () => startClaimed(client, start))
  } catch (error) {
    const code = error instanceof Error ? error.name : 'Unknown'
    await acrossDistricts(relay, (tx) => markStartFailed(tx, start, code))
    return false
  }
  await acrossDistricts(relay, (tx) => markStarted(tx, start))
  return true
}

const startClaimed = (client: Client, { workflowType, workflowId, taskQueue, input, districtId }: ClaimedStart): Promise<void> => {
  const { attachmentId, syncId, translationId } = input
  const about = {
    districtId,
    ...(typeof attachmentId === 'string' ? { attachmentId } : {}),
    ...(typeof syncId === 'string' ? { syncId } : {}),
    ...(typeof translationId === 'string' ? { translationId } : {}),
  }
  return startWorkflow(client, { type: workflowType, workflowId, taskQueue, input, ...about }, startDeadlineMs)
}

/** Goes on with the trace in which the start was asked for. */
const inTraceOf = <T>({ traceParent }: ClaimedStart, work: () => Promise<T>): Promise<T> =>
  context.with(traceParent === null ? ROOT_CONTEXT : propagation.extract(ROOT_CONTEXT, { traceparent: traceParent }), work)
