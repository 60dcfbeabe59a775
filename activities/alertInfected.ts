import { activityInfo } from '@temporalio/activity'
import { withDistrict } from '../db/openDatabase.ts'
import { findScanWork, type ScanWork } from '../db/queries/findScanWork.ts'
import type { AttachmentRef } from '../workflows/contract.ts'
import type { AttachmentDeps } from './attachmentDeps.ts'
import type { Inspection } from './inspection.ts'
import { toRunLink } from './toRunLink.ts'

/** Tells the engineers of malware: ids, the signature, a link to the run, and what was done about it. One alert for each attachment. */
export const createAlertInfected =
  ({ app, pager, temporal }: Pick<AttachmentDeps, 'app' | 'pager' | 'temporal'>) =>
  async (ref: AttachmentRef, inspection: Inspection): Promise<void> => {
    const work = await withDistrict(app, ref.districtId, (tx) => findScanWork(tx, ref.attachmentId))
    const { workflowExecution: run } = activityInfo()
    await pager.raise({
      action: 'trigger',
      dedupKey: `attachment-infected:${ref.attachmentId}`,
      severity: 'warning',
      summary: `Malware in an attachment: ${inspection.signature ?? 'unnamed'}`,
      source: 'hallpass-worker',
      component: 'attachments',
      details: {
        districtId: ref.districtId,
        attachmentId: ref.attachmentId,
        attempt: ref.attempt,
        signature: inspection.signature ?? '',
        engine: inspection.engine ?? '',
        databaseVersion: inspection.databaseVersion ?? '',
        sha256: inspection.sha256,
        state: work?.state ?? 'gone',
        actions: toActions(work),
      },
      ...(run === undefined ? {} : { links: [{ href: toRunLink(temporal, run), text: 'The run' }] }),
    })
  }

const toActions = (work: ScanWork | null): string => {
  if (work?.quarantineKey === null || work === null) return 'not kept: the attachment was deleted during the scan'
  return 'quarantined; incoming versions deleted; nobody could open it'
}
