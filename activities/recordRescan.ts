import type { RescanOutcome } from '../domain/attachment.ts'
import { withDistrict } from '../db/openDatabase.ts'
import { recordRescan } from '../db/queries/recordRescan.ts'
import type { RescanRef } from '../workflows/contract.ts'
import type { AttachmentDeps } from './attachmentDeps.ts'
import type { Superseded } from './inspection.ts'

/** Lets the row say which database looked at a clean file last, and what came of it. */
export const createRecordRescan =
  ({ app }: Pick<AttachmentDeps, 'app'>) =>
  async (
    { districtId, attachmentId }: RescanRef,
    rescan: { outcome: RescanOutcome; engine: string | null; databaseVersion: string },
  ): Promise<{ outcome: 'recorded' } | Superseded> => {
    const isRecorded = await withDistrict(app, districtId, (tx) => recordRescan(tx, attachmentId, rescan))
    return { outcome: isRecorded ? 'recorded' : 'superseded' }
  }
