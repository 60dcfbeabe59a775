import type { Scan } from '../db/queries/scanRow.ts'
import type { ObjectBucket, StoredObject } from '../domain/ports.ts'

export type FoundObject = StoredObject & { bucket: 'incoming' | 'clean' | 'quarantine' }

/** Which versions lie where the row says that they should, and since when. Nothing is read of them. */
export const findObjects = async (
  buckets: Record<'incoming' | 'clean' | 'quarantine', Pick<ObjectBucket, 'listVersions'>>,
  { incomingKey, cleanKey, quarantineKey }: Pick<Scan, 'incomingKey' | 'cleanKey' | 'quarantineKey'>,
): Promise<FoundObject[]> => {
  const places = [
    ['incoming', incomingKey],
    ['clean', cleanKey],
    ['quarantine', quarantineKey],
  ] as const
  const found = await Promise.all(
    places.map(async ([bucket, key]) =>
      key === null ? [] : (await buckets[bucket].listVersions(key)).map((version) => ({ ...version, bucket })),
    ),
  )
  return found.flat()
}
