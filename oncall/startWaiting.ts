import { withDistrict } from '../db/openDatabase.ts'
import { listStartsOf } from '../db/queries/listStartsOf.ts'
import type { AuditOrigin } from '../db/queries/recordAudit.ts'
import { releaseStart } from '../db/queries/releaseStart.ts'
import type { Oncall } from './openOncall.ts'
import { startAtOnce } from './startAtOnce.ts'

type Started = { outcome: 'started'; isStarted: boolean } | { outcome: 'moved-on' }

/** Starts a run that was asked for and waits in the outbox, and writes down who did. `moved-on`: it does not wait any more. */
export const startWaiting = async (oncall: Oncall, districtId: string, workflowId: string, by: AuditOrigin): Promise<Started> => {
  const released = await withDistrict(oncall.database, districtId, async (tx) => {
    const [entry] = await listStartsOf(tx, [workflowId])
    return entry === undefined ? null : releaseStart(tx, { outboxId: entry.outboxId, ...by })
  })
  if (released === null) return { outcome: 'moved-on' }
  return { outcome: 'started', isStarted: await startAtOnce(oncall, { ...released, type: released.workflowType }) }
}
