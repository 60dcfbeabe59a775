import { pipeline } from 'node:stream'
import type { AttachmentRef } from '../workflows/contract.ts'
import type { AttachmentDeps } from './attachmentDeps.ts'
import { beforeTimeout } from './beforeTimeout.ts'
import { createHashCheck } from './hashCheck.ts'
import type { Inspection } from './inspection.ts'
import { openPinnedObject } from './openPinnedObject.ts'
import { placeObject, toPlacedFindings, type Placing } from './placeObject.ts'
import { storeEncrypted } from './storeEncrypted.ts'
import { rememberUnplaced } from './withdrawKnownBad.ts'
import { whileHeartbeating } from './whileHeartbeating.ts'

type QuarantineDeps = Pick<AttachmentDeps, 'app' | 'sweeper' | 'keys' | 'incoming' | 'quarantine' | 'quarantineDays' | 'attachmentsQueue'>

/** The key that quarantined objects are encrypted under: no district's, so that deleting a district's key destroys no evidence. */
export const safetyKeyName = 'safety'

/**
 * Keeps the infected bytes, as they came, encrypted under the safety key until their retention ends (`purgeQuarantine`). Those of a file that was
 * deleted meanwhile are not kept; their hash is.
 */
export const createQuarantineObject =
  (deps: QuarantineDeps) =>
  (ref: AttachmentRef, inspection: Inspection): Promise<Placing> =>
    whileHeartbeating(async (signal) => {
      const placing = await quarantine(deps, ref, inspection, beforeTimeout(signal))
      if (placing.outcome === 'superseded') await rememberUnplaced(deps, ref.districtId, inspection)
      return placing
    })

const quarantine = async (deps: QuarantineDeps, ref: AttachmentRef, inspection: Inspection, signal: AbortSignal): Promise<Placing> => {
  const pinned = await openPinnedObject(deps, ref, signal)
  if (pinned.outcome !== 'open') return pinned
  const body = pipeline(pinned.body, createHashCheck(inspection.sha256), () => undefined)
  const { quarantine: bucket, quarantineDays } = deps
  const quarantineKey = await storeEncrypted(deps, { districtId: ref.districtId, keyName: safetyKeyName, bucket, body, signal })
  const placed = { ...toPlacedFindings(inspection), verdict: 'infected' as const, quarantineKey, quarantineDays }
  return placeObject(deps, ref, placed, { bucket, objectKey: quarantineKey })
}
