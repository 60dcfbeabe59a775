/**
 * Encryption of one column value, before it reaches Postgres (law 10). AES-256-GCM under the data key
 * of a district and epoch; the associated data binds a value to the one cell it was written for, so a
 * value copied to another row, column, table or district does not open.
 *
 * Sealed bytes: version (1) · epoch (4, big endian) · nonce (12) · ciphertext · tag (16).
 */
import { createCipheriv, createDecipheriv, createHmac, createSecretKey, randomBytes } from 'node:crypto'
import { joinParts } from './joinParts.ts'

/** The data key of one district in one epoch: 32 bytes. */
export type DataKey = { epoch: number; key: Buffer }

/** The cell a value belongs to. */
export type FieldContext = { districtId: string; table: string; rowId: string; column: string }

/** The value was tampered with, belongs to another cell, or was sealed under another key. Says nothing of the content. */
export class FieldUnreadable extends Error {
  override name = 'FieldUnreadable'
}

const formatVersion = 1
const headerBytes = 5
const nonceBytes = 12
const tagBytes = 16
const epochMax = 0xffff_ffff

/** How many bytes longer a sealed value is than its plaintext. */
export const sealedOverheadBytes = headerBytes + nonceBytes + tagBytes

/**
 * Encrypts `plaintext` for one cell. Two calls never answer the same bytes. The random 96-bit nonce allows 2^32 values
 * under one data key (NIST SP 800-38D §8.3); a new epoch must begin before that.
 * @throws RangeError when the key is not 32 bytes or the epoch is not an unsigned 32-bit integer.
 */
export const sealField = (dataKey: DataKey, context: FieldContext, plaintext: Buffer): Buffer => {
  const header = toHeader(dataKey.epoch)
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', requireKey(dataKey.key), nonce)
  cipher.setAAD(toAssociatedData(header, context))
  const ciphertext = cipher.update(plaintext)
  cipher.final()
  return Buffer.concat([header, nonce, ciphertext, cipher.getAuthTag()])
}

/** The epoch a sealed value names, to find its key. Not authenticated until `openField` succeeds. @throws FieldUnreadable */
export const sealedEpoch = (sealed: Buffer): number => {
  if (sealed.length < sealedOverheadBytes || sealed[0] !== formatVersion) throw new FieldUnreadable('not a sealed field')
  return sealed.readUInt32BE(1)
}

/**
 * Decrypts what `sealField` made for the same cell. `findKey` answers the data key of an epoch and may throw when there is none.
 * @throws FieldUnreadable when anything differs: cell, key, epoch, version or a single bit.
 */
export const openField = (findKey: (epoch: number) => Buffer, context: FieldContext, sealed: Buffer): Buffer => {
  const key = requireKey(findKey(sealedEpoch(sealed)))
  const nonceEnd = headerBytes + nonceBytes
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(headerBytes, nonceEnd), { authTagLength: tagBytes })
  decipher.setAAD(toAssociatedData(sealed.subarray(0, headerBytes), context))
  decipher.setAuthTag(sealed.subarray(-tagBytes))
  const plaintext = decipher.update(sealed.subarray(nonceEnd, -tagBytes))
  try {
    decipher.final()
  } catch {
    throw new FieldUnreadable('the field does not open')
  }
  return plaintext
}

/**
 * Makes the keyed hash by which what is stored encrypted is looked up (e-mail, phone): HMAC-SHA-256 over UTF-8, 32 bytes. Equal texts
 * give equal hashes, so the caller brings the text to one form first (lower case, E.164).
 * @throws RangeError when the key is not 32 bytes.
 */
export const createLookupHash = (key: Buffer): ((text: string) => Buffer) => {
  // The bytes would be made into a key object for every text, which takes three times as long as the rest.
  const secret = createSecretKey(requireKey(key))
  return (text) => createHmac('sha256', secret).update(text, 'utf8').digest()
}

const requireKey = (key: Buffer): Buffer => {
  if (key.length !== 32) throw new RangeError('a key has 32 bytes')
  return key
}

const toHeader = (epoch: number): Buffer => {
  if (!Number.isInteger(epoch) || epoch < 0 || epoch > epochMax) throw new RangeError('an epoch is an unsigned 32-bit integer')
  const header = Buffer.alloc(headerBytes)
  header[0] = formatVersion
  header.writeUInt32BE(epoch, 1)
  return header
}

const toAssociatedData = (header: Buffer, { districtId, table, rowId, column }: FieldContext): Buffer =>
  Buffer.concat([header, joinParts([districtId, table, rowId, column])])
