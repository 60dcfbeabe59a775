import { withOperations } from '../db/operationsDistrict.ts'
import { deleteAttachment } from '../db/queries/deleteAttachment.ts'
import { purgeSoon } from '../db/queries/purgeSoon.ts'
import { syntheticPeople } from '../db/syntheticPeople.ts'
import { toStartFor } from '../workflows/contract.ts'
import type { SyntheticDeps } from './syntheticDeps.ts'

/** Gives a quarantined test virus to the next purge; takes any other back, as its uploader would, so that its removal is asked for. */
export const createCleanUpTestVirus =
  ({ app, attachmentsQueue }: Pick<SyntheticDeps, 'app' | 'attachmentsQueue'>) =>
  async (attachmentId: string): Promise<void> => {
    await withOperations(app, async (tx) => {
      if (await purgeSoon(tx, attachmentId)) return
      await deleteAttachment(tx, {
        attachmentId,
        actorId: syntheticPeople.teacherId,
        startFor: toStartFor('removeAttachment', attachmentsQueue),
      })
    })
  }
