import { withDistrict } from '../db/openDatabase.ts'
import { reopenTicket } from '../db/queries/reopenTicket.ts'
import type { AttachmentRef } from '../workflows/contract.ts'
import type { AttachmentDeps } from './attachmentDeps.ts'

/** The client said that the upload is complete and nothing is there: the ticket waits again, until it expires. */
export const createReopenTicket =
  ({ app }: Pick<AttachmentDeps, 'app'>) =>
  async (ref: AttachmentRef): Promise<void> => {
    await withDistrict(app, ref.districtId, (tx) => reopenTicket(tx, ref))
  }
