import { withDistrict } from '../db/openDatabase.ts'
import { recordFailure } from '../db/queries/recordFailure.ts'
import type { AttachmentRef } from '../workflows/contract.ts'
import type { AttachmentDeps } from './attachmentDeps.ts'

/** Ends the row as `failed`: a fault of ours that no repetition cures. The bytes stay in incoming for a replay. */
export const createRecordFailure =
  ({ app }: Pick<AttachmentDeps, 'app'>) =>
  async (ref: AttachmentRef, failureType: string): Promise<void> => {
    await withDistrict(app, ref.districtId, (tx) => recordFailure(tx, ref, failureType))
  }
