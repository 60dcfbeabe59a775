import { acrossDistricts, withDistrict } from '../db/openDatabase.ts'
import { completeVanishedUpload } from '../db/queries/completeAttachment.ts'
import { findObjectOwners, type ObjectOwner } from '../db/queries/findObjectOwners.ts'
import { decideIncomingObject, decidePlacedObject } from '../domain/decideStoredObject.ts'
import type { BucketRole, StoredObject } from '../domain/ports.ts'
import { toStartFor } from '../workflows/contract.ts'
import { collectFaults, type Faults } from './collectFaults.ts'
import { discardEncrypted, toDistrictId } from './storeEncrypted.ts'
import type { SweepDeps } from './sweepDeps.ts'
import { whileHeartbeating } from './whileHeartbeating.ts'

type StoredDeps = Pick<SweepDeps, 'app' | 'sweeper' | 'incoming' | 'clean' | 'quarantine' | 'attachmentsQueue' | 'windows'>

const pageSize = 500

/**
 * Walks these buckets from end to end: removes objects that no row needs, and starts the scan of uploads that nobody completed. Age is counted by
 * this machine's clock against the store's; the windows are long enough for clocks that differ by minutes.
 */
export const createSweepBuckets = (deps: StoredDeps, roles: readonly BucketRole[]) => (): Promise<{ removed: number; started: number }> =>
  whileHeartbeating(async (signal, progress) => {
    const swept = { removed: 0, started: 0 }
    const faults = collectFaults(signal)
    const from = fromMark(progress.start)
    for (const role of roles.slice(
      Math.max(
        0,
        roles.findIndex((known) => known === from?.role),
      ),
    )) {
      const afterKey = role === from?.role ? from.key : undefined
      for await (const page of toPages(deps[role].allVersions(afterKey))) {
        await sweepPage(deps, role, page, swept, faults)
        // The last key may go on in the next page.
        const done = page.findLast(({ key }) => key !== page.at(-1)?.key)
        if (done !== undefined) progress.reached(`${role}/${done.key}`)
      }
    }
    faults.throwIfAny()
    return swept
  })

const fromMark = (mark: string | null): { role: string; key: string } | null => {
  const [role, ...key] = mark?.split('/') ?? []
  return role === undefined ? null : { role, key: key.join('/') }
}

const sweepPage = async (
  deps: StoredDeps,
  role: BucketRole,
  page: StoredObject[],
  swept: { removed: number; started: number },
  faults: Faults,
): Promise<void> => {
  const keys = page.map(({ key }) => key)
  const owners = await acrossDistricts(deps.sweeper, (tx) => findObjectOwners(tx, role, keys))
  for (const object of page) {
    const owner = owners.get(object.key) ?? null
    const facts = { owner, versionId: object.versionId, ageSeconds: (Date.now() - object.lastModified.getTime()) / 1_000 }
    const decision = role === 'incoming' ? decideIncomingObject(facts, deps.windows) : decidePlacedObject(facts, role, deps.windows)
    if (decision === 'keep') continue
    await faults.attempt(async () => {
      if (decision === 'remove') {
        await removeObject(deps, role, object)
        swept.removed += 1
      } else if (owner !== null && (await startScan(deps, owner))) swept.started += 1
    })
  }
}

const startScan = async ({ app, attachmentsQueue }: StoredDeps, { districtId, attachmentId }: ObjectOwner): Promise<boolean> => {
  const startFor = toStartFor('scanAttachment', attachmentsQueue)
  return (await withDistrict(app, districtId, (tx) => completeVanishedUpload(tx, { attachmentId, startFor }))) !== null
}

const removeObject = async (deps: StoredDeps, role: BucketRole, { key, versionId }: StoredObject): Promise<void> => {
  const bucket = deps[role]
  const districtId = role === 'incoming' ? null : toDistrictId(key)
  if (districtId === null) await bucket.deleteVersion(key, versionId)
  else await discardEncrypted(deps, { districtId, bucket, objectKey: key })
}

async function* toPages(objects: AsyncIterable<StoredObject>): AsyncGenerator<StoredObject[]> {
  let page: StoredObject[] = []
  for await (const object of objects) {
    page.push(object)
    if (page.length < pageSize) continue
    yield page
    page = []
  }
  if (page.length > 0) yield page
}
