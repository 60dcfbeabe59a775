import { sql } from 'kysely'
import { reportSteps } from '../../domain/report.ts'
import type { ReportDecision } from '../../domain/report.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'
import { addReportAct } from './addReportAct.ts'
import type { ReportStartFor } from './addReport.ts'
import { enqueueWorkflow } from './enqueueWorkflow.ts'
import type { OutboxStart } from './enqueueWorkflow.ts'
import { isNotAbout } from './isReportOpenTo.ts'
import type { ReportRef } from './isReportOpenTo.ts'
import { recordAudit } from './recordAudit.ts'

export type DecidedReport = { outcome: 'decided'; start: OutboxStart | null } | { outcome: 'unchanged' }

/**
 * Says what became of a report. Of two decisions at once one is made. What is reopened is told of again: `start` is the run that does. Nothing happens to a
 * report of what the viewer wrote, or from whose state the decision does not lead: the caller decides what to answer.
 */
export const decideReport = async (
  tx: DistrictTransaction,
  { reportId, viewerId }: ReportRef,
  { decision, note, startFor }: { decision: ReportDecision; note: string; startFor: ReportStartFor },
): Promise<DecidedReport> => {
  const { from, to } = reportSteps[decision]
  const changed = await findRow(
    tx.db,
    sql<{ attempt: number }>`
      update reports r set state = ${to}, attempt = r.attempt + ${decision === 'reopen' ? 1 : 0}
      where r.district_id = ${tx.districtId} and r.id = ${reportId} and ${isNotAbout(viewerId)}
        and r.state in (${sql.join(from.map((state) => sql.lit(state)))})
      returning r.attempt`,
  )
  if (changed === null) return { outcome: 'unchanged' }
  await addReportAct(tx, { reportId, act: to, actorId: viewerId, note })
  await recordAudit(tx, {
    actor: { kind: 'user', id: viewerId },
    action: `report.${decision}`,
    target: { kind: 'report', id: reportId },
    reason: note,
  })
  if (decision !== 'reopen') return { outcome: 'decided', start: null }
  const start = startFor({ districtId: tx.districtId, reportId, attempt: changed.attempt })
  await enqueueWorkflow(tx, start)
  return { outcome: 'decided', start }
}
