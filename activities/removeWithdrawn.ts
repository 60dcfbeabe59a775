import { withDistrict } from '../db/openDatabase.ts'
import { findReleased } from '../db/queries/findReleased.ts'
import { closeWithdrawal } from '../db/queries/placeWithdrawn.ts'
import type { RescanRef } from '../workflows/contract.ts'
import type { AttachmentDeps } from './attachmentDeps.ts'
import { discardEncrypted } from './storeEncrypted.ts'

type RemoveDeps = Pick<AttachmentDeps, 'app' | 'clean'>

/** Deletes the clean object of a withdrawn file, its key first. Safe to run twice. */
export const createRemoveWithdrawn =
  ({ app, clean }: RemoveDeps) =>
  async ({ districtId, attachmentId }: RescanRef): Promise<void> => {
    const file = await withDistrict(app, districtId, (tx) => findReleased(tx, attachmentId))
    if (file === null || file.state !== 'quarantined') return
    await discardEncrypted({ app }, { districtId, bucket: clean, objectKey: file.cleanKey })
  }

/** Lets the row forget its clean object: the last step of a withdrawal, when everybody was told. Until then a round takes the run up again. */
export const createCloseWithdrawal =
  ({ app }: Pick<AttachmentDeps, 'app'>) =>
  ({ districtId, attachmentId }: RescanRef): Promise<void> =>
    withDistrict(app, districtId, async (tx) => {
      const file = await findReleased(tx, attachmentId)
      if (file !== null) await closeWithdrawal(tx, attachmentId, file.cleanKey)
    })
