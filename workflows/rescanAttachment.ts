import { ApplicationFailure, proxyLocalActivities } from '@temporalio/workflow'
import type { AttachmentActivities } from '../activities/createAttachmentActivities.ts'
import type { LookAnswer, RescanFinding } from '../activities/lookAgain.ts'
import type { RescanRef } from './contract.ts'
import { findIncurable, isTransient } from './findIncurable.ts'
import { proxyRescanActivities } from './proxyRescanActivities.ts'
import { showStage } from './showStage.ts'

/** `postponed`: an outage, which is no verdict; the next round looks again. `bytes`: how many were read. */
export type RescanEnd = { outcome: 'passed' | 'not-inspected' | 'withdrawn' | 'superseded' | 'postponed'; bytes: number }

type Act = ReturnType<typeof proxyRescanActivities>

/**
 * Looks again at one file that is clean, with the engine as it is now. What passes stays, and its row says who looked last. What is infected is
 * withdrawn at once: the row first, then everything else. A file that can be read no more is a fault of ours, and fails the run.
 */
export async function rescanAttachment(ref: RescanRef): Promise<RescanEnd> {
  const { readPace } = proxyLocalActivities<AttachmentActivities>({ startToCloseTimeout: '10 seconds' })
  const act = proxyRescanActivities(await readPace())
  showStage(ref, 'rescanning')
  const end = await rescan(act, ref)
  showStage(ref, 'done', end.outcome)
  return end
}

const rescan = async (act: Act, ref: RescanRef): Promise<RescanEnd> => {
  const look = await tryToLook(act, ref)
  if (look.outcome === 'superseded') return { outcome: 'superseded', bytes: 0 }
  if (look.outcome === 'postponed' || look.outcome === 'engine-behind') return { outcome: 'postponed', bytes: look.bytes }
  if (look.outcome === 'infected') return { outcome: await withdraw(act, ref, look.finding), bytes: look.bytes }
  const { outcome, engine, databaseVersion, bytes } = look
  const recorded = await act.recordRescan(ref, { outcome, engine, databaseVersion })
  return { outcome: recorded.outcome === 'superseded' ? 'superseded' : outcome, bytes }
}

const tryToLook = async (act: Act, ref: RescanRef): Promise<LookAnswer | { outcome: 'postponed'; bytes: number }> => {
  try {
    return await act.lookAgain(ref)
  } catch (error) {
    if (isTransient(error)) return { outcome: 'postponed', bytes: 0 }
    if (findIncurable(error) !== null)
      await act.recordRescan(ref, { outcome: 'unreadable', engine: null, databaseVersion: ref.databaseVersion })
    throw error
  }
}

/** The commit that closes the file comes first. What follows does not wait for each other; the uploader is told then, and the row's last word waits for it all. */
const withdraw = async (act: Act, ref: RescanRef, finding: RescanFinding): Promise<'withdrawn' | 'superseded'> => {
  showStage(ref, 'withdrawing')
  const withdrawn = await act.withdrawAttachment(ref, finding)
  if (withdrawn.outcome === 'superseded') return 'superseded'
  const [quarantined, ...steps] = await Promise.allSettled([
    act.quarantineWithdrawn(ref).then(() => act.removeWithdrawn(ref)),
    act.withdrawCopies(ref, finding.sha256),
    act.alertWithdrawn(ref, finding),
  ])
  const told: PromiseSettledResult<unknown>[] = [...steps]
  // Alone: a worker that dies in a long step beside it would write to them again. And when the rest is through, since a later round writes again otherwise.
  if (told.every(isThrough)) told.push(...(await Promise.allSettled([act.tellUploader(ref)])))
  // A file whose object was not kept, or of which somebody was not told, is left open, so that rounds take it up again.
  if (quarantined.status === 'fulfilled' && told.every(isThrough)) await act.closeWithdrawal(ref)
  for (const step of [quarantined, ...told]) if (step.status === 'rejected') throw toEnd(step.reason)
  return 'withdrawn'
}

/** Done, or never to be. */
const isThrough = (step: PromiseSettledResult<unknown>): boolean => step.status === 'fulfilled' || findIncurable(step.reason) !== null

/** Nobody waits for a step that can never succeed: the run fails, and is seen. */
const toEnd = (reason: unknown): unknown => {
  const failure = findIncurable(reason)
  return failure === null ? reason : ApplicationFailure.nonRetryable(failure.message, failure.type)
}
