import type { FollowAlert } from '../activities/followAlert.ts'
import { acrossDistricts, withDistrict, type Database } from '../db/openDatabase.ts'
import { operationsDistrictId, withOperations } from '../db/operationsDistrict.ts'
import { isAlertOpen } from '../db/queries/isAlertOpen.ts'
import { isWithoutAdministrator } from '../db/queries/isWithoutAdministrator.ts'
import { listDistricts } from '../db/queries/listDistricts.ts'
import { toDedupKey } from '../domain/alerts.ts'

const alert = 'district-without-administrator'

/**
 * Looks for districts in which nobody can administer any more: what the brake holds there waits for somebody who cannot decide. It may come by a feed, or by a day that passes, so every
 * district is asked; `followAlert` makes what all workers see one page a district. A district that cannot be asked keeps no other from its turn.
 * @throws the first failure, at the end.
 */
export const createAdministratorWatch = ({ app, sweeper, follow }: { app: Database; sweeper: Database; follow: FollowAlert }) => ({
  look: async (): Promise<void> => {
    const failures: unknown[] = []
    for (const districtId of await acrossDistricts(sweeper, listDistricts)) {
      if (districtId !== operationsDistrictId) await lookAt({ app, follow }, districtId).catch((error: unknown) => failures.push(error))
    }
    if (failures.length > 0) throw failures[0]
  },
})

const lookAt = async ({ app, follow }: { app: Database; follow: FollowAlert }, districtId: string): Promise<void> => {
  const holds = await withDistrict(app, districtId, isWithoutAdministrator)
  if (holds || (await withOperations(app, (tx) => isAlertOpen(tx, toDedupKey(alert, districtId)))))
    await follow(alert, { holds, subject: districtId, details: { districtId } })
}
