import { activityInfo } from '@temporalio/activity'
import { withDistrict, type Database } from '../db/openDatabase.ts'
import { operationsDistrictId, withOperations } from '../db/operationsDistrict.ts'
import { findScanWork, type ScanWork } from '../db/queries/findScanWork.ts'
import { markAlertRaised } from '../db/queries/markAlertRaised.ts'
import { noteAlert } from '../db/queries/noteAlert.ts'
import { noteInfected } from '../db/queries/noteInfected.ts'
import { alerts, toAlert, toDedupKey, type AlertOccasion } from '../domain/alerts.ts'
import type { AttachmentRef } from '../workflows/contract.ts'
import type { AttachmentDeps } from './attachmentDeps.ts'
import type { Inspection } from './inspection.ts'
import { raiseAlert } from './raiseAlert.ts'
import { toRunLink } from '../clients/toRunLink.ts'

/**
 * Tells the engineers of malware: ids, the signature, a link to the run, and what was done about it. One alert for each attachment; when there were
 * `malwareBurstCount` within the hour, what follows is told under the one page of an attack. The test virus of our own is no news.
 */
export const createAlertInfected =
  ({ app, pager, temporal, malwareBurstCount }: Pick<AttachmentDeps, 'app' | 'pager' | 'temporal' | 'malwareBurstCount'>) =>
  async (ref: AttachmentRef, inspection: Inspection): Promise<void> => {
    if (ref.districtId === operationsDistrictId) return
    const work = await withDistrict(app, ref.districtId, (tx) => findScanWork(tx, ref.attachmentId))
    const { workflowExecution: run } = activityInfo()
    const occasion: AlertOccasion = {
      action: 'trigger',
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
    if (await isInBurst(app, ref.attachmentId, malwareBurstCount)) {
      await raiseAlert(pager, toAlert('malware-burst', occasion))
      await withOperations(app, (tx) => markAlertRaised(tx, toDedupKey('malware-burst')))
    } else await raiseAlert(pager, toAlert('attachment-infected', { ...occasion, subject: ref.attachmentId }))
  }

/** Decided once for each attachment, so that told twice is told under the same key. */
const isInBurst = (app: Database, attachmentId: string, burstCount: number): Promise<boolean> =>
  withOperations(app, async (tx) => {
    if ((await noteInfected(tx, attachmentId)) < burstCount) return false
    await noteAlert(tx, { dedupKey: toDedupKey('malware-burst'), quietSeconds: alerts['malware-burst'].ends.quietSeconds })
    return true
  })

const toActions = (work: ScanWork | null): string => {
  if (work !== null && work.quarantineKey !== null) return 'quarantined; nobody could open it'
  if (work?.state === 'failed') return 'not quarantined: the scan failed, and the bytes wait in incoming; nobody can open it'
  if (work?.state === 'scanning') return 'not quarantined yet: the scan goes on; nobody can open it'
  return 'not kept: the attachment was deleted during the scan'
}
