import { createLookupHash, openField, sealField } from '../crypto/fieldCipher.ts'
import type { DataKey } from '../crypto/fieldCipher.ts'
import { createRecentMap } from '../domain/createRecentMap.ts'
import type { KeyService } from '../domain/ports.ts'
import type { DataKeyPurpose } from './entities/DataKey.ts'
import { withDistrict } from './openDatabase.ts'
import type { Database } from './openDatabase.ts'
import { addDataKey } from './queries/addDataKey.ts'
import { listDataKeys } from './queries/listDataKeys.ts'
import { toDataKeyContext, toDistrictKeyName } from './dataKeyContext.ts'

/** The cell that a sealed value belongs to: table and column as the database names them. */
export type Cell = { table: string; rowId: string; column: string }

/** Seals and opens columns of one district. */
export type ColumnCipher = {
  sealText(cell: Cell, text: string): Buffer
  /** @throws FieldUnreadable when the value was made for another cell, or changed. */
  openText(cell: Cell, sealed: Buffer): string
  /** The keyed hash by which a sealed e-mail address or phone number is found; the caller brings it to one form first. */
  hashForLookup(text: string): Buffer
}

export type DistrictKeys = {
  /** The district's cipher; creates the district's first keys when it has none. Rejects when the key service cannot be reached. */
  forDistrict(districtId: string): Promise<ColumnCipher>
}

type Opened = { cipher: ColumnCipher; expiresAt: number }

/** A rotated key is used from this long after it is made, so that by then every cache has read it. */
export const cacheLifeMs = 300_000

/**
 * Data keys of districts, unwrapped through the key service (law 10) and kept in memory: for at most `cacheLifeMs`, of at most
 * `districtsMax` districts, the longest unused forgotten first.
 */
export const createDistrictKeys = (options: { database: Database; keyService: KeyService; districtsMax?: number }): DistrictKeys => {
  const { districtsMax = 1_000 } = options
  const opened = createRecentMap<Promise<Opened>>(districtsMax)

  const open = async (districtId: string): Promise<Opened> => {
    const columns = await loadKeys(options, districtId, 'columns')
    const lookup = await loadKeys(options, districtId, 'lookup')
    return { cipher: createColumnCipher(districtId, columns, lookup), expiresAt: Date.now() + cacheLifeMs }
  }

  const remember = (districtId: string, promise: Promise<Opened>): Promise<Opened> => {
    opened.set(districtId, promise)
    // A failure is not kept: the next caller asks the key service again.
    promise.catch(() => void (opened.get(districtId) === promise && opened.delete(districtId)))
    return promise
  }

  return {
    forDistrict: async (districtId) => {
      const entry = await opened.get(districtId)
      if (entry && Date.now() < entry.expiresAt) return entry.cipher
      return (await remember(districtId, open(districtId))).cipher
    },
  }
}

type LoadedKeys = { current: DataKey; find: (epoch: number) => Buffer }

const loadKeys = async (
  { database, keyService }: { database: Database; keyService: KeyService },
  districtId: string,
  purpose: DataKeyPurpose,
): Promise<LoadedKeys> => {
  const keyName = toDistrictKeyName(districtId)
  let stored = await withDistrict(database, districtId, (tx) => listDataKeys(tx, purpose))
  if (stored.length === 0) {
    await keyService.ensureKey(keyName, 'encrypt')
    const { wrapped, plaintext } = await keyService.generateDataKey(keyName, toDataKeyContext(districtId, purpose, 1))
    plaintext.fill(0)
    // Whoever inserts first wins, and all use the winner's.
    await withDistrict(database, districtId, (tx) => addDataKey(tx, { purpose, epoch: 1, wrapped, activatesInMs: 0 }))
    stored = await withDistrict(database, districtId, (tx) => listDataKeys(tx, purpose))
  }
  const keys = new Map<number, Buffer>()
  for (const { epoch, wrapped } of stored) {
    keys.set(epoch, await keyService.unwrapDataKey(keyName, wrapped, toDataKeyContext(districtId, purpose, epoch)))
  }
  const find = (epoch: number): Buffer => {
    const key = keys.get(epoch)
    if (key === undefined) throw new Error(`the district has no ${purpose} key of epoch ${epoch}`)
    return key
  }
  const epoch = Math.max(...stored.flatMap((key) => (key.isActive ? [key.epoch] : [])))
  return { current: { epoch, key: find(epoch) }, find }
}

const createColumnCipher = (districtId: string, columns: LoadedKeys, lookup: LoadedKeys): ColumnCipher => ({
  sealText: (cell, text) => sealField(columns.current, { districtId, ...cell }, Buffer.from(text, 'utf8')),
  openText: (cell, sealed) => openField(columns.find, { districtId, ...cell }, sealed).toString('utf8'),
  hashForLookup: createLookupHash(lookup.current.key),
})
