/**
 * Tink's published streaming format AES256_GCM_HKDF, HKDF-SHA256 ("AES-GCM-HKDF Streaming AEAD", developers.google.com/tink/wire-format
 * and …/streaming-aead/aes_gcm_hkdf_streaming):
 *
 *   header = length of the header (1) · salt (32) · nonce prefix (7)
 *   key of this stream = HKDF-SHA256(key, salt, info = associated data, 32 bytes)
 *   segment i = AES-256-GCM(key of this stream, nonce = nonce prefix · i (4, big endian) · 1 if last else 0, no associated data)
 *
 * All ciphertext segments have one size but the first, which shares its room with the header, and the last. Segments are 64 KiB and not
 * the 1 MB of Tink's named template: a segment is held whole until its tag is verified, so its size is the memory of each open
 * download, twice, and the least that a seek in a recording reads.
 */
import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync } from 'node:crypto'

/** Cut short, changed, reordered, of another key or other associated data; which of these cannot be told. */
export class StreamUnreadable extends Error {
  override name = 'StreamUnreadable'
}

export const segmentBytes = 65_536
export const tagBytes = 16
const saltBytes = 32
const noncePrefixBytes = 7
export const headerBytes = 1 + saltBytes + noncePrefixBytes
const segmentsMax = 2 ** 32

/** The size of the ciphertext of so many bytes. @throws RangeError when it would need more than 2^32 segments. */
export const ciphertextBytes = (plaintextBytes: number): number => {
  requireSize(plaintextBytes)
  const segments = Math.max(1, Math.ceil((plaintextBytes + headerBytes) / (segmentBytes - tagBytes)))
  if (segments > segmentsMax) throw new RangeError('too large for one stream')
  return headerBytes + plaintextBytes + segments * tagBytes
}

/** The size of what a ciphertext of so many bytes holds. @throws StreamUnreadable when no ciphertext has this size. */
export const plaintextBytes = (ciphertextSize: number): number => {
  requireSize(ciphertextSize)
  const plaintextSize = ciphertextSize - headerBytes - Math.ceil(ciphertextSize / segmentBytes) * tagBytes
  if (plaintextSize < 0 || ciphertextBytes(plaintextSize) !== ciphertextSize) throw new StreamUnreadable('no ciphertext has this size')
  return plaintextSize
}

/** The segment that holds a plaintext offset: its index, and where in the segment's plaintext the offset lies. */
export const locateOffset = (plaintextOffset: number): { segment: number; within: number } => {
  const capacity = segmentBytes - tagBytes
  const segment = Math.floor((plaintextOffset + headerBytes) / capacity)
  return { segment, within: plaintextOffset + headerBytes - segment * capacity - (segment === 0 ? headerBytes : 0) }
}

/** The size of a segment, header left out, when others follow it. */
export const fullSegmentBytes = (segment: number): number => (segment === 0 ? segmentBytes - headerBytes : segmentBytes)

/** What a stream's segments are sealed and opened with. */
export type SegmentCipher = {
  /** Ciphertext and tag, one behind the other. */
  seal(segment: number, isLast: boolean, plaintext: Buffer): [Buffer, Buffer]
  /** @throws StreamUnreadable */
  open(segment: number, isLast: boolean, ciphertext: Buffer): Buffer
}

/** A header with a fresh salt and nonce prefix. */
export const createHeader = (randomBytes: (size: number) => Buffer): Buffer =>
  Buffer.concat([Buffer.from([headerBytes]), randomBytes(saltBytes), randomBytes(noncePrefixBytes)])

/**
 * Derives the key of one stream from its header. `key` is the 32-byte Tink key material; `associatedData` has at most 1,024 bytes.
 * @throws RangeError when the key is not 32 bytes or the associated data is too long. @throws StreamUnreadable when this is no header.
 */
export const deriveSegmentCipher = (key: Buffer, associatedData: Buffer, header: Buffer): SegmentCipher => {
  if (key.length !== 32) throw new RangeError('a key has 32 bytes')
  if (header.length !== headerBytes || header[0] !== headerBytes) throw new StreamUnreadable('not a header')
  // A key object: with bare bytes Node takes three times as long to make a cipher, for every segment.
  const streamKey = createSecretKey(Buffer.from(hkdfSync('sha256', key, header.subarray(1, 1 + saltBytes), associatedData, 32)))
  const nonceOf = (segment: number, isLast: boolean): Buffer => {
    if (segment >= segmentsMax) throw new RangeError('too large for one stream')
    const nonce = Buffer.alloc(12)
    header.copy(nonce, 0, 1 + saltBytes)
    nonce.writeUInt32BE(segment, noncePrefixBytes)
    nonce[11] = isLast ? 1 : 0
    return nonce
  }
  return {
    seal(segment, isLast, plaintext) {
      const cipher = createCipheriv('aes-256-gcm', streamKey, nonceOf(segment, isLast))
      const ciphertext = cipher.update(plaintext)
      cipher.final()
      return [ciphertext, cipher.getAuthTag()]
    },
    open(segment, isLast, ciphertext) {
      if (ciphertext.length < tagBytes) throw new StreamUnreadable('cut short')
      const decipher = createDecipheriv('aes-256-gcm', streamKey, nonceOf(segment, isLast), { authTagLength: tagBytes })
      decipher.setAuthTag(ciphertext.subarray(-tagBytes))
      const plaintext = decipher.update(ciphertext.subarray(0, -tagBytes))
      try {
        decipher.final()
      } catch {
        throw new StreamUnreadable('a segment does not open')
      }
      return plaintext
    },
  }
}

const requireSize = (size: number): void => {
  if (!Number.isSafeInteger(size) || size < 0) throw new RangeError('a size is a whole number of bytes')
}
