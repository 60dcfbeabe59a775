import { acrossDistricts, withDistrict } from '../db/openDatabase.ts'
import { findScan } from '../db/queries/findScan.ts'
import { recordAudit, type AuditOrigin } from '../db/queries/recordAudit.ts'
import { replayAttachment } from '../db/queries/replayAttachment.ts'
import type { Scan } from '../db/queries/scanRow.ts'
import { decideReplay, type ReplayDecision } from '../domain/decideReplay.ts'
import { retryNowSignal, scanAttachmentId, toStartFor } from '../workflows/contract.ts'
import { lookAt, type LookedAt } from './lookAtScans.ts'
import type { Oncall } from './openOncall.ts'
import { signalRun } from './signalRun.ts'
import { startAtOnce } from './startAtOnce.ts'
import { startWaiting } from './startWaiting.ts'
import { toFault } from './toFault.ts'

/** What would be done, or was. `moved-on`: between looking and acting the row went another way, and nothing was done. */
export type Replay = {
  attachmentId: string
  districtId: string
  state: string
  attempt: number
  decision: ReplayDecision
  /** Only when it was to be done. */
  outcome?: 'woken' | 'started' | 'replayed' | 'moved-on' | 'failed'
  /** The run that goes on. */
  workflowId: string
  /** Of what was started or replayed: false when the relay has to start it. */
  isStarted?: boolean
  /** The kind of a fault. */
  fault?: string
}

export const planReplay = ({ scan, run, isStartWaiting, workflowId }: LookedAt): Replay => {
  const standing = run === undefined ? 'unknown' : run === null ? 'none' : run.isOpen ? 'open' : 'closed'
  const decision = decideReplay({ state: scan.state, run: standing, isStartWaiting })
  const next = decision === 'replay' ? scanAttachmentId(scan.attachmentId, scan.attempt + 1) : workflowId
  return {
    attachmentId: scan.attachmentId,
    districtId: scan.districtId,
    state: scan.state,
    attempt: scan.attempt,
    decision,
    workflowId: next,
  }
}

/** A run may end between looking and waking it; then it is looked at again. */
const looksMax = 3

/** Brings one scan on, as it is at this moment, and writes it down. Never rejects: a fault of one holds up no other. */
export const replayOne = async (oncall: Oncall, scan: Scan, by: AuditOrigin): Promise<Replay> => {
  let plan: Replay | undefined
  try {
    for (let look = 1; look <= looksMax; look += 1) {
      const fresh = await acrossDistricts(oncall.database, (tx) => findScan(tx, scan.attachmentId))
      const looked = await lookAt(oncall, fresh ?? { ...scan, state: 'deleted' })
      plan = planReplay(looked)
      const outcome = await actOn(oncall, looked, plan, by)
      if (outcome !== 'look-again') return { ...plan, ...outcome }
    }
    return { ...planOf(scan, plan), outcome: 'moved-on' }
  } catch (error) {
    return { ...planOf(scan, plan), outcome: 'failed', fault: toFault(error) }
  }
}

const planOf = (scan: Scan, plan: Replay | undefined): Replay =>
  plan ??
  planReplay({
    scan,
    run: undefined,
    isStartWaiting: false,
    workflowId: scanAttachmentId(scan.attachmentId, scan.attempt),
    stage: scan.state,
  })

const actOn = async (oncall: Oncall, { scan }: LookedAt, plan: Replay, by: AuditOrigin): Promise<Partial<Replay> | 'look-again'> => {
  if (plan.decision === 'leave') return { outcome: 'moved-on' }
  if (plan.decision === 'wait') return { outcome: 'failed', fault: 'Temporal does not answer' }
  if (plan.decision === 'wake') return (await wake(oncall, scan, plan.workflowId, by)) ? { outcome: 'woken' } : 'look-again'
  return plan.decision === 'start' ? startWaiting(oncall, scan.districtId, plan.workflowId, by) : replay(oncall, scan, by)
}

/** Written down first, since a signal cannot be taken back: as with a decoding, what cannot be written down is not done. */
const wake = async (oncall: Oncall, { districtId, attachmentId, attempt }: Scan, workflowId: string, by: AuditOrigin): Promise<boolean> => {
  await withDistrict(oncall.database, districtId, (tx) =>
    recordAudit(tx, {
      ...by,
      action: 'attachment.retry-now',
      target: { kind: 'attachment', id: attachmentId },
      details: { ...by.details, attempt },
    }),
  )
  return signalRun(oncall, workflowId, retryNowSignal)
}

const replay = async (oncall: Oncall, { districtId, attachmentId, attempt }: Scan, by: AuditOrigin): Promise<Partial<Replay>> => {
  const start = await withDistrict(oncall.database, districtId, (tx) =>
    replayAttachment(tx, {
      attachmentId,
      attempt,
      startFor: toStartFor('scanAttachment', oncall.config.TASK_QUEUE_ATTACHMENTS),
      ...by,
    }),
  )
  if (start === null) return { outcome: 'moved-on' }
  return { outcome: 'replayed', workflowId: start.workflowId, isStarted: await startAtOnce(oncall, { ...start, districtId }) }
}
