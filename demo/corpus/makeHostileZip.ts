import { crc32, deflateRawSync } from 'node:zlib'

/** What an ordinary zip library will not write: a password in the old way, or the same packed bytes many times. */
type PackedEntry = { path: string; packed: Buffer; crc: number; bytes: number; method: 0 | 8; encrypted: boolean }

const writeRecords = (entries: readonly PackedEntry[]): Buffer => {
  const files: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const entry of entries) {
    const path = Buffer.from(entry.path)
    const shared = Buffer.alloc(26)
    shared.writeUInt16LE(20, 0)
    shared.writeUInt16LE(entry.encrypted ? 1 : 0, 2)
    shared.writeUInt16LE(entry.method, 4)
    shared.writeUInt16LE(0x2821, 8)
    shared.writeUInt32LE(entry.crc, 10)
    shared.writeUInt32LE(entry.packed.length, 14)
    shared.writeUInt32LE(entry.bytes, 18)
    shared.writeUInt16LE(path.length, 22)
    const local = Buffer.concat([Buffer.from('504b0304', 'hex'), shared, path, entry.packed])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(offset, 10)
    directory.push(Buffer.concat([Buffer.from('504b01021400', 'hex'), shared, tail, path]))
    files.push(local)
    offset += local.length
  }
  const listing = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  Buffer.from('504b0506', 'hex').copy(end)
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(listing.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...files, listing, end])
}

/** One step of the CRC-32 register without its final inversion, as the cipher wants it. */
const stepCrc = (register: number, byte: number): number => ~crc32(Buffer.from([byte]), ~register >>> 0) >>> 0

/** PKWARE's traditional encryption (APPNOTE 6.1): weak, and still what most "zip with password" means. */
const encryptTraditionally = (content: Buffer, password: string, check: number): Buffer => {
  let [key0, key1, key2] = [0x12345678, 0x23456789, 0x34567890]
  const feed = (byte: number): void => {
    key0 = stepCrc(key0, byte)
    key1 = (Math.imul((key1 + (key0 & 0xff)) >>> 0, 134_775_813) + 1) >>> 0
    key2 = stepCrc(key2, key1 >>> 24)
  }
  for (const byte of Buffer.from(password)) feed(byte)
  const plain = Buffer.concat([Buffer.alloc(11, 0x5a), Buffer.from([check >>> 24]), content])
  return Buffer.from(
    plain.map((byte) => {
      const mixed = (key2 | 2) & 0xffff
      const sealed = byte ^ ((Math.imul(mixed, mixed ^ 1) >>> 8) & 0xff)
      feed(byte)
      return sealed
    }),
  )
}

/** A zip whose every entry needs a password, `demo`. */
export const makeEncryptedZip = (files: readonly { path: string; content: Buffer }[]): Buffer =>
  writeRecords(
    files.map(({ path, content }) => {
      const crc = crc32(content)
      const packed = encryptTraditionally(deflateRawSync(content), 'demo', crc)
      return { path, packed, crc, bytes: content.length, method: 8, encrypted: true }
    }),
  )

/** `copies` entries of `bytesEach` zeros, packed once, behind `first` entries: small to send, huge to unpack. */
export const makeZipBomb = (first: readonly { path: string; content: Buffer }[], bytesEach: number, copies: number): Buffer => {
  const zeros = Buffer.alloc(bytesEach)
  const packed = deflateRawSync(zeros)
  const crc = crc32(zeros)
  const front: PackedEntry[] = first.map(({ path, content }) => ({
    path,
    packed: content,
    crc: crc32(content),
    bytes: content.length,
    method: 0,
    encrypted: false,
  }))
  const bombs = Array.from({ length: copies }, (_, index) => ({
    path: `word/media/image${index + 1}.bmp`,
    packed,
    crc,
    bytes: bytesEach,
    method: 8 as const,
    encrypted: false,
  }))
  return writeRecords([...front, ...bombs])
}
