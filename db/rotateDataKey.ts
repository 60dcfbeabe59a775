import type { KeyService } from '../domain/ports.ts'
import { toDataKeyContext, toDistrictKeyName } from './dataKeyContext.ts'
import { cacheLifeMs } from './districtKeys.ts'
import { withDistrict } from './openDatabase.ts'
import type { Database } from './openDatabase.ts'
import { addDataKey } from './queries/addDataKey.ts'
import { listDataKeys } from './queries/listDataKeys.ts'
import { recordAudit } from './queries/recordAudit.ts'
import type { AuditActor } from './queries/recordAudit.ts'

export type Rotation = { districtId: string; by: AuditActor; reason: string; activatesInMs?: number }

/**
 * Begins a new epoch for a district's columns, without downtime: by default it is sealed with from twice the cache life on, when every
 * process has read it; what older epochs sealed stays readable. Answers the new epoch. The key of look-up hashes never rotates this way:
 * every hash would be lost.
 * @throws when another process rotates the same key at this moment.
 */
export const rotateDataKey = async (
  { database, keyService }: { database: Database; keyService: KeyService },
  { districtId, by, reason, activatesInMs = 2 * cacheLifeMs }: Rotation,
): Promise<number> => {
  const keyName = toDistrictKeyName(districtId)
  const known = await withDistrict(database, districtId, (tx) => listDataKeys(tx, 'columns'))
  const epoch = Math.max(0, ...known.map((key) => key.epoch)) + 1
  await keyService.ensureKey(keyName, 'encrypt')
  const { wrapped, plaintext } = await keyService.generateDataKey(keyName, toDataKeyContext(districtId, 'columns', epoch))
  plaintext.fill(0)
  return withDistrict(database, districtId, async (tx) => {
    // The first key of all must serve at once.
    const isAdded = await addDataKey(tx, { purpose: 'columns', epoch, wrapped, activatesInMs: known.length === 0 ? 0 : activatesInMs })
    if (!isAdded) throw new Error('the key is being rotated by another process')
    await recordAudit(tx, { actor: by, action: 'key.rotate', target: { kind: 'district', id: districtId }, reason, details: { epoch } })
    return epoch
  })
}
