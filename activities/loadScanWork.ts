import { withDistrict, type Database, type DistrictTransaction } from '../db/openDatabase.ts'
import { findScanWork, type ScanWork } from '../db/queries/findScanWork.ts'
import type { AttachmentRef } from '../workflows/contract.ts'

/** The attachment while it is this attempt's to work on; null when the run is superseded (deleted, ended, or a later attempt). */
export const findOwnWork = async (tx: DistrictTransaction, ref: AttachmentRef): Promise<ScanWork | null> => {
  const work = await findScanWork(tx, ref.attachmentId)
  return work !== null && work.state === 'scanning' && work.attempt === ref.attempt ? work : null
}

/** As `findOwnWork`, in a transaction of its own. */
export const loadScanWork = (app: Database, ref: AttachmentRef): Promise<ScanWork | null> =>
  withDistrict(app, ref.districtId, (tx) => findOwnWork(tx, ref))
