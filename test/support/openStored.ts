import { buffer } from 'node:stream/consumers'
import { toObjectAssociatedData, toObjectKeyContext } from '../../crypto/objectBinding.ts'
import { createDecryptStream } from '../../crypto/tinkStreamDecrypt.ts'
import type { AttachmentWorld } from './attachmentWorld.ts'

/** An object as it lies in the bucket, and what it says to whoever has its key. */
export const openStored = async (
  { adapters, buckets, channel, database }: AttachmentWorld,
  role: 'clean' | 'quarantine',
  objectKey: string,
): Promise<{ ciphertext: Buffer; plaintext: Buffer; keyName: string }> => {
  const { rows } = await database.superuser.query<{ key_name: string; wrapped: Buffer }>(
    'select key_name, wrapped from keys.object_keys where district_id = $1 and object_key = $2',
    [channel.districtId, objectKey],
  )
  const stored = rows[0]
  if (stored === undefined) throw new Error('the object has no key')
  const key = await adapters.keys.unwrapDataKey(stored.key_name, stored.wrapped, toObjectKeyContext(channel.districtId, objectKey))
  const ciphertext = await buffer(await buckets.seen[role].read(objectKey))
  const decrypt = createDecryptStream(key, toObjectAssociatedData(channel.districtId, objectKey))
  decrypt.end(ciphertext)
  return { ciphertext, plaintext: await buffer(decrypt), keyName: stored.key_name }
}
