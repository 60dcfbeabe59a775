import { withDistrict } from '../db/openDatabase.ts'
import { findScanWork } from '../db/queries/findScanWork.ts'
import type { AttachmentRef } from '../workflows/contract.ts'
import type { AttachmentDeps } from './attachmentDeps.ts'
import { discardEncrypted } from './storeEncrypted.ts'

/** Deletes the shared object of an attachment whose row says `deleted`, its key first. Safe to run twice. */
export const createRemoveCleanObject =
  ({ app, clean }: Pick<AttachmentDeps, 'app' | 'clean'>) =>
  async (ref: AttachmentRef): Promise<{ removed: number }> => {
    const work = await withDistrict(app, ref.districtId, (tx) => findScanWork(tx, ref.attachmentId))
    if (work === null || work.state !== 'deleted' || work.cleanKey === null) return { removed: 0 }
    return { removed: await discardEncrypted({ app }, { districtId: ref.districtId, bucket: clean, objectKey: work.cleanKey }) }
  }
