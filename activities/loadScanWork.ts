import type { Database } from '../db/openDatabase.ts'
import { withDistrict } from '../db/openDatabase.ts'
import { findScanWork, type ScanWork } from '../db/queries/findScanWork.ts'
import type { AttachmentRef } from '../workflows/contract.ts'

/** The attachment while it is this attempt's to work on; null when the run is superseded (deleted, ended, or a later attempt). */
export const loadScanWork = async (app: Database, ref: AttachmentRef): Promise<ScanWork | null> => {
  const work = await withDistrict(app, ref.districtId, (tx) => findScanWork(tx, ref.attachmentId))
  return work !== null && work.state === 'scanning' && work.attempt === ref.attempt ? work : null
}
