import { allHandlersFinished, ApplicationFailure, condition, proxyLocalActivities } from '@temporalio/workflow'
import type { AttachmentActivities } from '../activities/createAttachmentActivities.ts'
import type { Inspection } from '../activities/inspection.ts'
import { answerProgress, type RoundsSoFar } from './answerProgress.ts'
import type { AttachmentRef } from './contract.ts'
import { createRounds, type Rounds } from './createRounds.ts'
import { findIncurable, type Incurable } from './findIncurable.ts'
import { proxyAttachmentActivities, type PacedActivities } from './proxyAttachmentActivities.ts'
import { nothingToTell, tell, tellSoon, type News } from './tell.ts'

export type ScanOutcome = { outcome: 'clean' | 'quarantined' | 'refused' | 'no-object' | 'superseded' }

/** Carried over a continue-as-new. Once `ending` is set the row is done with, and only the telling is left. */
export type ScanSoFar = RoundsSoFar & { news: News; ending: ScanOutcome | { failure: Incurable } | null }

const outcomes = { clean: 'clean', infected: 'quarantined', unscannable: 'refused' } as const

type Scan = { ref: AttachmentRef; act: PacedActivities; rounds: Rounds; news: News }

/**
 * Takes one uploaded file from the incoming bucket to its end (ARCHITECTURE, attachment): pin, inspect, place, remove the
 * incoming versions, tell, close the row. Outages are waited out between rounds of attempts and never become a verdict. Only
 * an incurable fault of ours ends the run as failed, after everything else that could be done.
 */
export async function scanAttachment(ref: AttachmentRef, soFar: ScanSoFar | null = null): Promise<ScanOutcome> {
  const memory: ScanSoFar = soFar ?? { startedAt: Date.now(), round: 0, interruptions: 0, news: nothingToTell(), ending: null }
  const progress = answerProgress(memory)
  const { readPace } = proxyLocalActivities<AttachmentActivities>({ startToCloseTimeout: '10 seconds' })
  const pace = await readPace()
  // Counted from here, or a run that an older version began would wait otherwise than its history says.
  if (soFar === null) memory.startedAt = Date.now()
  const act = proxyAttachmentActivities(pace, () => (memory.interruptions ?? 0) > 0)
  const { news } = memory
  const rounds = createRounds(ref, pace, memory, progress, () => tellSoon(ref, act, news))
  try {
    memory.ending ??= await end({ ref, act, rounds, news })
    await rounds.attempt('telling', () => tell(ref, act, news))
    rounds.finish()
    if ('failure' in memory.ending) throw toFailure(memory.ending.failure)
    if (news.failure !== null) throw toFailure(news.failure)
    return memory.ending
  } finally {
    await condition(allHandlersFinished)
  }
}

const toFailure = ({ message, type }: Incurable): ApplicationFailure => ApplicationFailure.nonRetryable(message, type)

/** Does everything but the telling that is left, and answers how it ended. */
const end = async (scan: Scan): Promise<ScanOutcome | { failure: Incurable }> => {
  const { ref, act, rounds } = scan
  try {
    return await scanOnce(scan)
  } catch (error) {
    const failure = findIncurable(error)
    if (failure === null) throw error
    await rounds.attempt('recording', () => act.recordFailure(ref, failure.type))
    return { failure }
  }
}

const scanOnce = async (scan: Scan): Promise<ScanOutcome> => {
  const { ref, act, rounds, news } = scan
  const pinned = await rounds.attempt('pinning', () => act.pinVersion(ref))
  if (pinned.outcome === 'superseded') return pinned
  if (pinned.outcome === 'no-object') {
    await rounds.attempt('recording', () => act.reopenTicket(ref))
    return pinned
  }
  const inspection = pinned.outcome === 'placed' ? pinned.inspection : await inspectAndPlace(scan)
  if (inspection === null) return { outcome: 'superseded' }
  news.finding = inspection

  const removed = await rounds.attempt('recording', () => act.removeIncoming(ref))
  if (removed.outcome === 'superseded') return removed
  // Before the row is closed: a run that is lost in between is replayed, and tells again.
  news.isPlaced = true
  await tellSoon(ref, act, news)
  const closed = await rounds.attempt('recording', () => act.closeAttachment(ref))
  return closed.outcome === 'superseded' ? closed : { outcome: outcomes[inspection.verdict] }
}

/** The inspection that now stands in the row; null when this run was superseded. */
const inspectAndPlace = async ({ ref, act, rounds, news }: Scan): Promise<Inspection | null> => {
  const inspected = await rounds.attempt('inspecting', () => act.inspectObject(ref))
  if (inspected.outcome === 'superseded') return null
  if (inspected.outcome === 'placed') return inspected.inspection
  let { inspection } = inspected

  if (inspection.verdict === 'clean') {
    const found = inspection
    const released = await rounds.attempt('releasing', () => act.releaseObject(ref, found))
    if (released.outcome !== 'not-clean') return released.outcome === 'superseded' ? null : released.inspection
    // What was re-encoded did not pass: the original is treated as what the second look says.
    inspection = released.inspection
  }
  const finding = inspection
  // Malware is reported whatever becomes of the file: one that was deleted in time was still sent.
  news.finding = finding
  const placed =
    finding.verdict === 'unscannable'
      ? await rounds.attempt('refusing', () => act.refuseObject(ref, finding))
      : await rounds.attempt('quarantining', () => act.quarantineObject(ref, finding))
  return placed.outcome === 'superseded' ? null : placed.inspection
}
