import {
  ChildWorkflowFailure,
  continueAsNew,
  executeChild,
  isCancellation,
  ParentClosePolicy,
  proxyActivities,
  setCurrentDetails,
  sleep,
} from '@temporalio/workflow'
import { defineSearchAttributeKey, TypedSearchAttributes, WorkflowExecutionAlreadyStartedError } from '@temporalio/common'
import type { SweepActivities } from '../activities/createSweepActivities.ts'
import { toRescanPause } from '../domain/toRescanPause.ts'
import { rescanAttachmentId, type RescanPace, type RescanRef } from './contract.ts'
import type { RescanEnd, rescanAttachment } from './rescanAttachment.ts'

/** Counts of one round. `failed`: runs that ended otherwise than by themselves; `skipped`: those that were under way already. */
export type RescanCounts = Record<RescanEnd['outcome'] | 'failed' | 'skipped', number>

/**
 * `seen-all`: whatever was due had its turn. `postponed`: nothing answered several times in a row. `gave-way`: live scans were behind for too long.
 * The next round goes on where this one ended, since the rows say what was looked at.
 */
export type RescanRound = {
  outcome: 'seen-all' | 'postponed' | 'gave-way' | 'engine-away'
  databaseVersion: string | null
  counts: RescanCounts
}

type Mark = { createdAt: string; attachmentId: string }

/** Carried over a continue-as-new. */
export type RoundSoFar = { databaseVersion: string; mark: Mark | null; postponedInARow: number; counts: RescanCounts }

const postponedMax = 3

const proxyRoundActivities = () =>
  proxyActivities<SweepActivities>({
    startToCloseTimeout: '10 minutes',
    heartbeatTimeout: '30 seconds',
    retry: { initialInterval: '1 second', maximumInterval: '1 minute', maximumAttempts: 10 },
  })
/** Short, and without a heartbeat. */
const proxyShortActivities = () =>
  proxyActivities<SweepActivities>({
    startToCloseTimeout: '1 minute',
    retry: { initialInterval: '1 second', maximumInterval: '1 minute', maximumAttempts: 10 },
  })

/**
 * One round of re-scans: every clean file of the last days that an older database looked at last is looked at again by a run of its own, newest
 * first and one after another, under a budget of bytes, and never while live scans are behind. It first finishes withdrawals whose runs were lost.
 */
export async function rescanAttachments(soFar: RoundSoFar | null = null): Promise<RescanRound> {
  const { listRescans } = proxyRoundActivities()
  const act = proxyShortActivities()
  const pace = await act.readRescanPace()
  const round = soFar ?? (await begin(pace))
  if (round === null) return { outcome: 'engine-away', databaseVersion: null, counts: noCounts() }
  for (let page = 0; page < pace.pagesPerRun; page += 1) {
    const files = await listRescans(round.databaseVersion, round.mark)
    if (files.length === 0) return finish(round, 'seen-all')
    for (const { districtId, attachmentId, createdAt } of files) {
      if (!(await giveWay(pace))) return finish(round, 'gave-way')
      const bytes = await rescanOne(round, pace, { districtId, attachmentId, databaseVersion: round.databaseVersion })
      if (round.postponedInARow >= postponedMax) return finish(round, 'postponed')
      round.mark = { createdAt, attachmentId }
      if (bytes > 0) await sleep(toRescanPause(bytes, pace.bytesPerSecond))
    }
  }
  return continueAsNew<typeof rescanAttachments>(round)
}

const noCounts = (): RescanCounts => ({
  passed: 0,
  'not-inspected': 0,
  withdrawn: 0,
  superseded: 0,
  postponed: 0,
  failed: 0,
  skipped: 0,
})

/** Null when no engine answers: the next round asks again. */
const begin = async (pace: RescanPace): Promise<RoundSoFar | null> => {
  const { listWithdrawing, readDatabaseVersion } = proxyShortActivities()
  const counts = noCounts()
  for (const { districtId, attachmentId, withdrawnBy } of await listWithdrawing()) {
    const ref = { districtId, attachmentId, databaseVersion: withdrawnBy.split(':').at(-1) ?? '' }
    counts[(await runOne(pace, ref, withdrawnBy)).outcome] += 1
  }
  const databaseVersion = await readDatabaseVersion()
  return databaseVersion === null ? null : { databaseVersion, mark: null, postponedInARow: 0, counts }
}

/** Waits while live scans are behind. `false` when they are for too long. */
const giveWay = async (pace: RescanPace): Promise<boolean> => {
  const { hasScanBacklog } = proxyShortActivities()
  for (let waits = 0; await hasScanBacklog(); waits += 1) {
    if (waits >= pace.backlogWaitsMax) return false
    setCurrentDetails('gives way to live scans')
    await sleep(pace.backlogWaitMs)
  }
  return true
}

const rescanOne = async (round: RoundSoFar, pace: RescanPace, ref: RescanRef): Promise<number> => {
  const end = await runOne(pace, ref, rescanAttachmentId(ref.attachmentId, ref.databaseVersion))
  round.counts[end.outcome] += 1
  round.postponedInARow = end.outcome === 'postponed' ? round.postponedInARow + 1 : 0
  setCurrentDetails(toDetails(round))
  return end.bytes
}

/** A run that ended before its row was through may be started again under its id; one that is under way goes on alone. */
const runOne = async (
  { attachmentsQueue }: RescanPace,
  ref: RescanRef,
  workflowId: string,
): Promise<{ outcome: keyof RescanCounts; bytes: number }> => {
  try {
    return await executeChild<typeof rescanAttachment>('rescanAttachment', {
      workflowId,
      taskQueue: attachmentsQueue,
      args: [ref],
      // A round that ends, in whatever way, ends no withdrawal.
      parentClosePolicy: ParentClosePolicy.ABANDON,
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      staticSummary: `rescan attachment ${ref.attachmentId}`,
      typedSearchAttributes: new TypedSearchAttributes([
        { key: defineSearchAttributeKey('DistrictId', 'KEYWORD'), value: ref.districtId },
        { key: defineSearchAttributeKey('AttachmentId', 'KEYWORD'), value: ref.attachmentId },
      ]),
    })
  } catch (error) {
    if (isCancellation(error)) throw error
    if (error instanceof WorkflowExecutionAlreadyStartedError) return { outcome: 'skipped', bytes: 0 }
    if (error instanceof ChildWorkflowFailure) return { outcome: 'failed', bytes: 0 }
    throw error
  }
}

const finish = async (round: RoundSoFar, outcome: RescanRound['outcome']): Promise<RescanRound> => {
  const { databaseVersion, counts } = round
  const { alertNotInspected } = proxyShortActivities()
  if (counts['not-inspected'] > 0)
    await alertNotInspected(databaseVersion, { notInspected: counts['not-inspected'], passed: counts.passed })
  setCurrentDetails(`${toDetails(round)}\n\n${outcome}`)
  return { outcome, databaseVersion, counts }
}

const toDetails = ({ databaseVersion, counts }: RoundSoFar): string =>
  [`database ${databaseVersion}`, ...Object.entries(counts).flatMap(([outcome, count]) => (count > 0 ? [`${outcome} ${count}`] : []))].join(
    ' · ',
  )
