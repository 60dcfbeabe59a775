import { toObjectKeyContext } from '../crypto/objectBinding.ts'
import type { KeyService } from '../domain/ports.ts'
import { toDataKeyContext, toDistrictKeyName } from './dataKeyContext.ts'
import { dataKeyPurposes } from './entities/DataKey.ts'
import { withDistrict } from './openDatabase.ts'
import type { Database } from './openDatabase.ts'
import { listDataKeys } from './queries/listDataKeys.ts'
import { listObjectKeys } from './queries/listObjectKeys.ts'
import { recordAudit } from './queries/recordAudit.ts'
import type { AuditActor } from './queries/recordAudit.ts'
import { replaceWrappedDataKey, replaceWrappedObjectKey } from './queries/replaceWrappedKey.ts'

type RewrapDeps = { database: Database; keyService: KeyService }

export type Rewrapping = { districtId: string; by: AuditActor; reason: string }
/** How many keys were wrapped anew. */
export type Rewrapped = { dataKeys: number; objectKeys: number }

const pageSize = 200

/**
 * Wraps every key of a district again, under the newest version of the keys in the key service. The keys themselves stay, so whatever
 * they sealed stays readable all the while. May be stopped and run again at any time; the audit row stands once it got to the end.
 */
export const rewrapKeys = async (deps: RewrapDeps, { districtId, by, reason }: Rewrapping): Promise<Rewrapped> => {
  const rewrapped = { dataKeys: await rewrapDataKeys(deps, districtId), objectKeys: await rewrapObjectKeys(deps, districtId) }
  await withDistrict(deps.database, districtId, (tx) =>
    recordAudit(tx, { actor: by, action: 'key.rewrap', target: { kind: 'district', id: districtId }, reason, details: rewrapped }),
  )
  return rewrapped
}

const rewrapDataKeys = async ({ database, keyService }: RewrapDeps, districtId: string): Promise<number> => {
  let count = 0
  for (const purpose of dataKeyPurposes) {
    for (const { epoch, wrapped } of await withDistrict(database, districtId, (tx) => listDataKeys(tx, purpose))) {
      const context = toDataKeyContext(districtId, purpose, epoch)
      const rewrapped = await keyService.rewrapDataKey(toDistrictKeyName(districtId), wrapped, context)
      const change = { purpose, epoch, wrapped, rewrapped }
      if (await withDistrict(database, districtId, (tx) => replaceWrappedDataKey(tx, change))) count += 1
    }
  }
  return count
}

const rewrapObjectKeys = async ({ database, keyService }: RewrapDeps, districtId: string): Promise<number> => {
  let count = 0
  let after = ''
  for (;;) {
    const page = await withDistrict(database, districtId, (tx) => listObjectKeys(tx, { after, limit: pageSize }))
    for (const { objectKey, keyName, wrapped } of page) {
      const rewrapped = await keyService.rewrapDataKey(keyName, wrapped, toObjectKeyContext(districtId, objectKey))
      if (await withDistrict(database, districtId, (tx) => replaceWrappedObjectKey(tx, { objectKey, wrapped, rewrapped }))) count += 1
    }
    const last = page.at(-1)
    if (last === undefined) return count
    after = last.objectKey
  }
}
