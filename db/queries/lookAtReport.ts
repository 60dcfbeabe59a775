import type { DistrictTransaction } from '../openDatabase.ts'
import { addReportAct } from './addReportAct.ts'
import type { ReportRef } from './isReportOpenTo.ts'
import { recordAudit } from './recordAudit.ts'

/**
 * Writes down that somebody is about to be shown a report with its messages, or one of its files, for those who see the report and in the sealed log (law
 * 11). Commit it before anything is shown.
 */
export const lookAtReport = async (
  tx: DistrictTransaction,
  { reportId, viewerId }: ReportRef,
  act: 'looked' | 'downloaded',
): Promise<void> => {
  await addReportAct(tx, { reportId, act, actorId: viewerId })
  await recordAudit(tx, {
    actor: { kind: 'user', id: viewerId },
    action: act === 'looked' ? 'report.look' : 'report.download',
    target: { kind: 'report', id: reportId },
  })
}
