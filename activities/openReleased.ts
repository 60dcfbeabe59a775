import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { ApplicationFailure } from '@temporalio/activity'
import { toObjectAssociatedData, toObjectKeyContext } from '../crypto/objectBinding.ts'
import { ciphertextBytes, StreamUnreadable } from '../crypto/tinkStreamFormat.ts'
import { decryptRange } from '../crypto/tinkStreamRange.ts'
import type { Released } from '../db/queries/findReleased.ts'
import type { AttachmentDeps } from './attachmentDeps.ts'

/** The one failure of reading a released object that no repetition cures. */
export const toUnreadable = (): ApplicationFailure =>
  ApplicationFailure.nonRetryable('a released object is gone or does not open', 'ReleasedObjectUnreadable')

/** Whether the store or the cipher says that the object will never be read: it is gone, or it is not what was written. */
export const isUnreadable = (error: unknown): boolean =>
  error instanceof StreamUnreadable || (error instanceof Error && ['NoSuchKey', 'NoSuchVersion'].includes(error.name))

/**
 * The bytes of a released file, decrypted, as those who download it get them. An object that is gone rejects here and not in the stream.
 * @throws ApplicationFailure, not to be tried again, when its key is gone.
 */
export const openReleased = async (
  { keys, released }: Pick<AttachmentDeps, 'keys' | 'released'>,
  districtId: string,
  { cleanKey, cleanBytes, keyName, wrappedKey }: Released,
  signal: AbortSignal,
): Promise<Readable> => {
  if (keyName === null || wrappedKey === null) throw toUnreadable()
  const key = await keys.unwrapDataKey(keyName, wrappedKey, toObjectKeyContext(districtId, cleanKey))
  const plaintext = decryptRange(
    {
      key,
      associatedData: toObjectAssociatedData(districtId, cleanKey),
      ciphertextBytes: ciphertextBytes(cleanBytes),
      readCiphertext: (range, gone) => released.read(cleanKey, { range, signal: AbortSignal.any([signal, gone]) }),
    },
    { first: 0, last: cleanBytes - 1 },
  )
  await once(plaintext, 'readable')
  return plaintext
}
