import { activityInfo } from '@temporalio/activity'
import { toAlert, type AlertOccasion } from '../domain/alerts.ts'
import { withDistrict } from '../db/openDatabase.ts'
import { findScanWork, type ScanWork } from '../db/queries/findScanWork.ts'
import type { AttachmentRef } from '../workflows/contract.ts'
import type { AttachmentDeps } from './attachmentDeps.ts'
import type { Inspection } from './inspection.ts'
import { raiseAlert } from './raiseAlert.ts'
import { toRunLink } from './toRunLink.ts'

/** Tells the engineers of malware: ids, the signature, a link to the run, and what was done about it. One alert for each attachment. */
export const createAlertInfected =
  ({ app, pager, temporal }: Pick<AttachmentDeps, 'app' | 'pager' | 'temporal'>) =>
  async (ref: AttachmentRef, inspection: Inspection): Promise<void> => {
    const work = await withDistrict(app, ref.districtId, (tx) => findScanWork(tx, ref.attachmentId))
    const { workflowExecution: run } = activityInfo()
    const occasion: AlertOccasion = {
      action: 'trigger',
      subject: ref.attachmentId,
      note: inspection.signature ?? 'unnamed',
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
    }
    await raiseAlert(pager, toAlert('attachment-infected', occasion))
  }

const toActions = (work: ScanWork | null): string => {
  if (work !== null && work.quarantineKey !== null) return 'quarantined; nobody could open it'
  if (work?.state === 'failed') return 'not quarantined: the scan failed, and the bytes wait in incoming; nobody can open it'
  if (work?.state === 'scanning') return 'not quarantined yet: the scan goes on; nobody can open it'
  return 'not kept: the attachment was deleted during the scan'
}
