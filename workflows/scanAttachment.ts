import { allHandlersFinished, ApplicationFailure, condition, proxyLocalActivities } from '@temporalio/workflow'
import type { AttachmentActivities } from '../activities/createAttachmentActivities.ts'
import type { Inspection } from '../activities/inspection.ts'
import type { AttachmentRef } from './contract.ts'
import { createRounds, findIncurable, type Rounds, type ScanSoFar } from './createRounds.ts'
import { proxyAttachmentActivities, type PacedActivities } from './proxyAttachmentActivities.ts'

export type ScanOutcome = { outcome: 'clean' | 'quarantined' | 'refused' | 'no-object' | 'superseded' }

/**
 * Takes one uploaded file from the incoming bucket to its end (ARCHITECTURE, attachment): pin, inspect, place, remove the
 * incoming versions, close the row, tell. Outages are waited out between rounds of attempts and never become a verdict. Only
 * an incurable fault of ours ends the run as failed, after the row says `failed`.
 */
export async function scanAttachment(ref: AttachmentRef, soFar: ScanSoFar | null = null): Promise<ScanOutcome> {
  const { readPace } = proxyLocalActivities<AttachmentActivities>({ startToCloseTimeout: '10 seconds' })
  const pace = await readPace()
  const act = proxyAttachmentActivities(pace)
  const rounds = createRounds(ref, pace, act, soFar)
  try {
    const outcome = await scan(ref, act, rounds, soFar?.recorded ?? null)
    await rounds.finish()
    return outcome
  } catch (error) {
    const incurable = findIncurable(error)
    if (incurable === null) throw error
    await rounds.attempt('recording', () => act.recordFailure(ref, incurable.type))
    await rounds.finish()
    throw ApplicationFailure.nonRetryable(incurable.message, incurable.type)
  } finally {
    await condition(allHandlersFinished)
  }
}

const scan = async (ref: AttachmentRef, act: PacedActivities, rounds: Rounds, recorded: Inspection | null): Promise<ScanOutcome> => {
  if (recorded !== null) return tell(ref, act, rounds, recorded)

  const pinned = await rounds.attempt('pinning', () => act.pinVersion(ref))
  if (pinned.outcome === 'superseded') return pinned
  if (pinned.outcome === 'no-object') {
    await rounds.attempt('recording', () => act.reopenTicket(ref))
    return pinned
  }
  const inspection = pinned.outcome === 'placed' ? pinned.inspection : await inspectAndPlace(ref, act, rounds)
  if (inspection === null) return { outcome: 'superseded' }

  const removed = await rounds.attempt('recording', () => act.removeIncoming(ref))
  const closed = removed.outcome === 'superseded' ? removed : await rounds.attempt('recording', () => act.closeAttachment(ref))
  if (closed.outcome !== 'superseded') return tell(ref, act, rounds, inspection)
  if (inspection.verdict === 'infected') await rounds.attempt('telling', () => act.alertInfected(ref, inspection))
  return closed
}

/** The inspection that now stands in the row; null when this run was superseded and there is nothing to report. */
const inspectAndPlace = async (ref: AttachmentRef, act: PacedActivities, rounds: Rounds): Promise<Inspection | null> => {
  const inspected = await rounds.attempt('inspecting', () => act.inspectObject(ref))
  if (inspected.outcome === 'superseded') return null
  let inspection = inspected.inspection

  if (inspection.verdict === 'clean') {
    const found = inspection
    const released = await rounds.attempt('releasing', () => act.releaseObject(ref, found))
    if (released.outcome === 'superseded') return null
    if (released.outcome === 'placed') return inspection
    // What was re-encoded did not pass: the original is treated as what the second look says.
    inspection = released.inspection
  }
  const finding = inspection
  if (finding.verdict === 'unscannable') {
    const refused = await rounds.attempt('refusing', () => act.refuseObject(ref, finding))
    return refused.outcome === 'superseded' ? null : finding
  }
  await rounds.attempt('quarantining', () => act.quarantineObject(ref, finding))
  // Superseded or not, malware is reported: a file deleted in time was still sent.
  return finding
}

const tell = async (ref: AttachmentRef, act: PacedActivities, rounds: Rounds, inspection: Inspection): Promise<ScanOutcome> => {
  if (inspection.verdict === 'clean') return { outcome: 'clean' }
  rounds.carry({ recorded: inspection })
  if (inspection.verdict === 'infected') await rounds.attempt('telling', () => act.alertInfected(ref, inspection))
  await rounds.attempt('telling', () => act.tellUploader(ref))
  return { outcome: inspection.verdict === 'infected' ? 'quarantined' : 'refused' }
}
