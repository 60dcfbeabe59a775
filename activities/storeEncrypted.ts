import { randomBytes } from 'node:crypto'
import { pipeline, type Readable } from 'node:stream'
import { toObjectAssociatedData, toObjectKeyContext } from '../crypto/objectBinding.ts'
import { createEncryptStream } from '../crypto/tinkStreamEncrypt.ts'
import { withDistrict, type Database } from '../db/openDatabase.ts'
import { addObjectKey } from '../db/queries/addObjectKey.ts'
import { deleteObjectKey } from '../db/queries/deleteObjectKey.ts'
import type { KeyService, ObjectBucket } from '../domain/ports.ts'

type StoreDeps = { app: Database; keys: KeyService }

/** Flat, random, and naming the district, so that a sweep can find the wrapped key of an object that no row knows. */
const createObjectKey = (districtId: string): string => `${districtId}.${randomBytes(16).toString('hex')}`

/** The district in a key made here; null for any other key. */
export const toDistrictId = (objectKey: string): string | null => /^([0-9a-f-]{36})\.[0-9a-f]{32}$/.exec(objectKey)?.[1] ?? null

/**
 * Encrypts a stream under a fresh key of its own, wrapped by `keyName`, into the bucket under a fresh object key, which it answers.
 * The wrapped key is kept first: an object never lies there that cannot be opened or forgotten. On failure both are removed again.
 */
export const storeEncrypted = async (
  deps: StoreDeps,
  object: { districtId: string; keyName: string; bucket: ObjectBucket; body: Readable; signal: AbortSignal },
): Promise<string> => {
  const { districtId, keyName, bucket, body, signal } = object
  const objectKey = createObjectKey(districtId)
  const { plaintext, wrapped } = await deps.keys.generateDataKey(keyName, toObjectKeyContext(districtId, objectKey))
  await withDistrict(deps.app, districtId, (tx) => addObjectKey(tx, { objectKey, keyName, wrapped }))
  try {
    const ciphertext = pipeline(body, createEncryptStream(plaintext, toObjectAssociatedData(districtId, objectKey)), () => undefined)
    await bucket.write(objectKey, ciphertext, { signal })
    return objectKey
  } catch (error) {
    body.destroy()
    // What stays behind when this fails too is the sweeper's.
    await discardEncrypted(deps, { districtId, bucket, objectKey }).catch(() => undefined)
    throw error
  } finally {
    plaintext.fill(0)
  }
}

/** Removes an object for good: its key first, so that the bytes are unreadable whatever happens next. Safe to call twice. */
export const discardEncrypted = async (
  { app }: Pick<StoreDeps, 'app'>,
  { districtId, bucket, objectKey }: { districtId: string; bucket: ObjectBucket; objectKey: string },
): Promise<number> => {
  await withDistrict(app, districtId, (tx) => deleteObjectKey(tx, objectKey))
  return bucket.deleteAllVersions(objectKey)
}
