/**
 * What stands before the ciphertext of an archived history, so that it can be opened by whoever has the key service, whatever became of the database:
 * `HPAH` · version (1) · length of the wrapped key (2, big endian) · wrapped key.
 */
const magic = Buffer.from('HPAH')
const version = 1
const fixedBytes = magic.length + 3

/** Not an archived history, or one cut short. */
export class ArchiveUnreadable extends Error {
  override readonly name = 'ArchiveUnreadable'
}

export const toArchiveHeader = (wrapped: Buffer): Buffer => {
  const lengths = Buffer.alloc(3)
  lengths.writeUInt8(version)
  lengths.writeUInt16BE(wrapped.length, 1)
  return Buffer.concat([magic, lengths, wrapped])
}

/** @throws ArchiveUnreadable */
export const splitArchive = (object: Buffer): { wrapped: Buffer; ciphertext: Buffer } => {
  if (object.length < fixedBytes || !object.subarray(0, magic.length).equals(magic)) throw new ArchiveUnreadable('not an archived history')
  if (object.readUInt8(magic.length) !== version) throw new ArchiveUnreadable('an archived history of another version')
  const end = fixedBytes + object.readUInt16BE(magic.length + 1)
  if (object.length < end) throw new ArchiveUnreadable('an archived history that is cut short')
  return { wrapped: object.subarray(fixedBytes, end), ciphertext: object.subarray(end) }
}
