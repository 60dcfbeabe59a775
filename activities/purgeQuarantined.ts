import { acrossDistricts, withDistrict } from '../db/openDatabase.ts'
import { deleteObjectKey } from '../db/queries/deleteObjectKey.ts'
import { listQuarantineDue } from '../db/queries/listQuarantineDue.ts'
import { recordPurge } from '../db/queries/recordPurge.ts'
import type { SweepDeps } from './sweepDeps.ts'
import { sweepPages } from './sweepPages.ts'

/**
 * Removes quarantined objects past their retention: the object first, so that one that cannot be deleted stays the readable evidence that its row says
 * it is; then, in one transaction, its key, the row's word for it and a line in the audit log. Answers how many.
 */
export const createPurgeQuarantined =
  ({ app, sweeper, quarantine }: Pick<SweepDeps, 'app' | 'sweeper' | 'quarantine'>) =>
  async (): Promise<number> => {
    const purged = await sweepPages(
      (page) => acrossDistricts(sweeper, (tx) => listQuarantineDue(tx, page)),
      ({ attachmentId }) => attachmentId,
      async ({ districtId, attachmentId, quarantineKey }) => {
        await quarantine.deleteAllVersions(quarantineKey)
        return withDistrict(app, districtId, async (tx) => {
          await deleteObjectKey(tx, quarantineKey)
          return (await recordPurge(tx, { attachmentId, quarantineKey })) ? 'purged' : 'unchanged'
        })
      },
    )
    return purged.get('purged') ?? 0
  }
