import { withDistrict } from '../db/openDatabase.ts'
import { findReleased } from '../db/queries/findReleased.ts'
import { placeWithdrawn } from '../db/queries/placeWithdrawn.ts'
import type { RescanRef } from '../workflows/contract.ts'
import type { AttachmentDeps } from './attachmentDeps.ts'
import { isUnreadable, openReleased, toUnreadable } from './openReleased.ts'
import { safetyKeyName } from './quarantineObject.ts'
import { discardEncrypted, storeEncrypted } from './storeEncrypted.ts'
import { whileHeartbeating } from './whileHeartbeating.ts'

type QuarantineDeps = Pick<AttachmentDeps, 'app' | 'keys' | 'released' | 'quarantine' | 'quarantineDays'>

/**
 * Keeps the bytes of a withdrawn file, as they were released, encrypted under the safety key until their retention ends. The first try that says
 * so in the row wins; another removes what it wrote.
 * @throws ApplicationFailure, not to be tried again, when the released object cannot be read.
 */
export const createQuarantineWithdrawn =
  (deps: QuarantineDeps) =>
  ({ districtId, attachmentId }: RescanRef): Promise<void> =>
    whileHeartbeating(async (signal) => {
      const file = await withDistrict(deps.app, districtId, (tx) => findReleased(tx, attachmentId))
      if (file === null || file.state !== 'quarantined' || file.quarantineKey !== null) return
      const { quarantine: bucket, quarantineDays } = deps
      const quarantineKey = await keep(deps, districtId, file, signal)
      const isWinner = await withDistrict(deps.app, districtId, (tx) => placeWithdrawn(tx, attachmentId, { quarantineKey, quarantineDays }))
      if (!isWinner) await discardEncrypted(deps, { districtId, bucket, objectKey: quarantineKey })
    })

const keep = async (
  deps: QuarantineDeps,
  districtId: string,
  file: Parameters<typeof openReleased>[2],
  signal: AbortSignal,
): Promise<string> => {
  try {
    const body = await openReleased(deps, districtId, file, signal)
    return await storeEncrypted(deps, { districtId, keyName: safetyKeyName, bucket: deps.quarantine, body, signal })
  } catch (error) {
    throw isUnreadable(error) ? toUnreadable() : error
  }
}
