import { acrossDistricts, withDistrict } from '../db/openDatabase.ts'
import { isStartPending } from '../db/queries/isStartPending.ts'
import { listLongScans, type LongScan } from '../db/queries/listLongScans.ts'
import { replayAttachment } from '../db/queries/replayAttachment.ts'
import { decideReplay } from '../domain/decideReplay.ts'
import { scanAttachmentId, toStartFor } from '../workflows/contract.ts'
import type { SweepDeps } from './sweepDeps.ts'
import { sweepPages } from './sweepPages.ts'

type LostDeps = Pick<SweepDeps, 'app' | 'sweeper' | 'findRun' | 'attachmentsQueue' | 'lostAfterSeconds'>

/** Replays scans whose run is gone (terminated, timed out, or lost with the server): the next attempt, through the outbox. Answers how many. */
export const createRestartLostScans = (deps: LostDeps) => async (): Promise<number> => {
  const replayed = await sweepPages(
    (page) => acrossDistricts(deps.sweeper, (tx) => listLongScans(tx, { olderThanSeconds: deps.lostAfterSeconds, ...page })),
    ({ attachmentId }) => attachmentId,
    async (scan) => ((await replayIfLost(deps, scan)) ? 'replayed' : 'unchanged'),
  )
  return replayed.get('replayed') ?? 0
}

const replayIfLost = async (deps: LostDeps, { districtId, attachmentId, attempt }: LongScan): Promise<boolean> => {
  const workflowId = scanAttachmentId(attachmentId, attempt)
  const run = await deps.findRun(workflowId)
  const isStartWaiting = await withDistrict(deps.app, districtId, (tx) => isStartPending(tx, workflowId))
  // One that was never started is the relay's business.
  if (decideReplay({ state: 'scanning', run, isStartWaiting }) !== 'replay') return false
  const startFor = toStartFor('scanAttachment', deps.attachmentsQueue)
  // A run that ended a moment ago has moved its row on, and the compare-and-set finds nothing to replay.
  const start = await withDistrict(deps.app, districtId, (tx) =>
    replayAttachment(tx, { attachmentId, attempt, actor: { kind: 'system', name: 'sweeper' }, startFor }),
  )
  return start !== null
}
