import { withDistrict } from '../db/openDatabase.ts'
import { closeScan } from '../db/queries/closeScan.ts'
import { findScanWork } from '../db/queries/findScanWork.ts'
import { stateAfterVerdict } from '../domain/attachment.ts'
import type { AttachmentRef } from '../workflows/contract.ts'
import type { AttachmentDeps } from './attachmentDeps.ts'
import type { Superseded } from './inspection.ts'

/** Lets the row say how it ended. Last of all, so that whoever reads `clean` finds the object in its place. */
export const createCloseAttachment =
  ({ app }: Pick<AttachmentDeps, 'app'>) =>
  (ref: AttachmentRef): Promise<{ outcome: 'closed' } | Superseded> =>
    withDistrict(app, ref.districtId, async (tx) => {
      if ((await closeScan(tx, ref.attachmentId, ref.attempt)) !== null) return { outcome: 'closed' }
      const work = await findScanWork(tx, ref.attachmentId)
      // An earlier try of this very step got through and its answer was lost.
      const isClosed =
        work !== null && work.attempt === ref.attempt && work.verdict !== null && work.state === stateAfterVerdict[work.verdict]
      return { outcome: isClosed ? 'closed' : 'superseded' }
    })
