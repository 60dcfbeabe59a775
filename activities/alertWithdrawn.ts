import { activityInfo } from '@temporalio/activity'
import { toAlert } from '../domain/alerts.ts'
import { withDistrict } from '../db/openDatabase.ts'
import { listDownloads, type DownloadsOf } from '../db/queries/listDownloads.ts'
import type { RescanRef } from '../workflows/contract.ts'
import type { AttachmentDeps } from './attachmentDeps.ts'
import type { RescanFinding } from './lookAgain.ts'
import { raiseAlert } from './raiseAlert.ts'
import { toRunLink } from '../clients/toRunLink.ts'

/** The log has them all; an alert has room for this many. */
const downloadsMax = 50

/**
 * Tells the engineers that a file which people could open was malware, and who had downloaded it: user ids and times from the audit log, the first
 * of them and how many there were. Complete, since it is asked after the commit behind which no download begins. One alert for each attachment.
 */
export const createAlertWithdrawn =
  ({ app, pager, temporal }: Pick<AttachmentDeps, 'app' | 'pager' | 'temporal'>) =>
  async ({ districtId, attachmentId }: RescanRef, finding: RescanFinding): Promise<void> => {
    const found = await withDistrict(app, districtId, (tx) => listDownloads(tx, attachmentId, downloadsMax))
    const { workflowExecution: run } = activityInfo()
    const alert = toAlert('attachment-withdrawn', {
      action: 'trigger',
      subject: attachmentId,
      note: `${finding.signature}, downloaded ${found.count} times by ${found.people} people`,
      details: {
        districtId,
        attachmentId,
        signature: finding.signature,
        engine: finding.engine,
        databaseVersion: finding.databaseVersion,
        sha256: finding.sha256,
        downloads: found.count,
        people: found.people,
        downloadedBy: toLines(found),
        actions: 'withdrawn: nobody can open it any more; its bytes are refused on sight, and other files of the same bytes are withdrawn',
      },
      ...(run === undefined ? {} : { links: [{ href: toRunLink(temporal, run), text: 'The run' }] }),
    })
    await raiseAlert(pager, alert)
  }

const toLines = ({ count, downloads }: DownloadsOf): string => {
  const lines = downloads.map(({ userId, at }) => `${userId} ${at}`)
  return [...lines, ...(count > lines.length ? [`and ${count - lines.length} more in the audit log`] : [])].join('\n')
}
