import { activityInfo } from '@temporalio/activity'
import { toAlert } from '../domain/alerts.ts'
import { acrossDistricts, withDistrict } from '../db/openDatabase.ts'
import { listDownloads, type DownloadsOf } from '../db/queries/listDownloads.ts'
import { listWithdrawn, type WithdrawnFiles } from '../db/queries/listWithdrawn.ts'
import type { RescanRef } from '../workflows/contract.ts'
import type { AttachmentDeps } from './attachmentDeps.ts'
import type { RescanFinding } from './lookAgain.ts'
import { raiseAlert } from './raiseAlert.ts'
import { toRunLink } from '../clients/toRunLink.ts'

/** The log has them all; an alert has room for this many. */
const downloadsMax = 50
/** `npm run oncall -- scans list` has them all. */
const filesMax = 50
/** A key of the pager has 255 characters. What is cut off folds the more. */
const subjectLength = 200

/**
 * Tells the engineers that a file which people could open was malware, and who had downloaded it: user ids and times from the audit log, the first
 * of them and how many there were. Complete, since it is asked after the commit behind which no download begins.
 *
 * Newer signatures may find fifty files at once: they are one page, by the signature that found them. Each file is an event of it with its own list, and
 * names those that were withdrawn for the same cause within the day.
 */
export const createAlertWithdrawn =
  ({ app, sweeper, pager, temporal }: Pick<AttachmentDeps, 'app' | 'sweeper' | 'pager' | 'temporal'>) =>
  async ({ districtId, attachmentId }: RescanRef, finding: RescanFinding): Promise<void> => {
    const found = await withDistrict(app, districtId, (tx) => listDownloads(tx, attachmentId, downloadsMax))
    const together = await acrossDistricts(sweeper, (tx) => listWithdrawn(tx, finding.signature, filesMax))
    const { workflowExecution: run } = activityInfo()
    const alert = toAlert('attachment-withdrawn', {
      action: 'trigger',
      subject: finding.signature.slice(0, subjectLength),
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
        filesOfSignature: together.count,
        files: toFileLines(together),
        actions: 'withdrawn: nobody can open it any more; its bytes are refused on sight, and other files of the same bytes are withdrawn',
      },
      ...(run === undefined ? {} : { links: [{ href: toRunLink(temporal, run), text: 'The run' }] }),
    })
    await raiseAlert(pager, alert)
  }

const toFileLines = ({ count, files }: WithdrawnFiles): string =>
  [
    ...files.map(({ districtId, attachmentId }) => `${attachmentId} of district ${districtId}`),
    ...(count > files.length ? [`and ${count - files.length} more: npm run oncall -- scans list --stage quarantined --since 24h`] : []),
  ].join('\n')

const toLines = ({ count, downloads }: DownloadsOf): string => {
  const lines = downloads.map(({ userId, at }) => `${userId} ${at}`)
  return [...lines, ...(count > lines.length ? [`and ${count - lines.length} more in the audit log`] : [])].join('\n')
}
