const sectorBytes = 512
const freeSector = 0xffffffff
const endOfChain = 0xfffffffe
const fatSector = 0xfffffffd

type Stream = { name: string; content: Buffer }

const makeHeader = (): Buffer => {
  const header = Buffer.alloc(sectorBytes, 0xff)
  header.fill(0, 0, 76)
  Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(header)
  header.writeUInt16LE(0x3e, 24)
  header.writeUInt16LE(3, 26)
  header.writeUInt16LE(0xfffe, 28)
  header.writeUInt16LE(9, 30)
  header.writeUInt16LE(6, 32)
  header.writeUInt32LE(1, 44)
  header.writeUInt32LE(1, 48)
  header.writeUInt32LE(4096, 56)
  header.writeUInt32LE(endOfChain, 60)
  header.writeUInt32LE(endOfChain, 68)
  header.writeUInt32LE(0, 76)
  return header
}

const makeEntry = (name: string, options: { type: number; right: number; child: number; start: number; bytes: number }): Buffer => {
  const entry = Buffer.alloc(128)
  const label = Buffer.from(`${name}\0`, 'utf16le')
  label.copy(entry)
  entry.writeUInt16LE(label.length, 64)
  entry[66] = options.type
  entry[67] = 1
  entry.writeUInt32LE(freeSector, 68)
  entry.writeUInt32LE(options.right, 72)
  entry.writeUInt32LE(options.child, 76)
  entry.writeUInt32LE(options.start, 116)
  entry.writeUInt32LE(options.bytes, 120)
  return entry
}

const emptyEntry = (): Buffer => {
  const entry = Buffer.alloc(128)
  entry.fill(0xff, 68, 80)
  return entry
}

/**
 * A compound file ([MS-CFB] version 3): one table sector, one directory sector, then up to three streams.
 * Streams are filled up to 4,096 bytes, below which the format would want a second, smaller table.
 */
export const makeCompoundFile = (streams: readonly Stream[]): Buffer => {
  const filled = streams.map(({ name, content }) => {
    const bytes = Math.max(4096, content.length)
    const sectors = Math.ceil(bytes / sectorBytes)
    return { name, bytes, sectors, content: Buffer.concat([content, Buffer.alloc(sectors * sectorBytes - content.length)]) }
  })
  const table: number[] = [fatSector, endOfChain]
  const entries = [makeEntry('Root Entry', { type: 5, right: freeSector, child: 1, start: endOfChain, bytes: 0 })]
  filled.forEach(({ name, bytes, sectors }, index) => {
    const start = table.length
    for (let sector = 1; sector < sectors; sector += 1) table.push(start + sector)
    table.push(endOfChain)
    // The directory is a tree: here a chain to the right, in the order of the format (shorter names first).
    entries.push(makeEntry(name, { type: 2, right: index + 1 < filled.length ? index + 2 : freeSector, child: freeSector, start, bytes }))
  })
  if (table.length > sectorBytes / 4 || entries.length > 4) throw new RangeError('too much for one table sector or one directory sector')
  while (table.length < sectorBytes / 4) table.push(freeSector)
  while (entries.length < 4) entries.push(emptyEntry())
  const fat = Buffer.alloc(sectorBytes)
  table.forEach((value, index) => fat.writeUInt32LE(value, index * 4))
  return Buffer.concat([makeHeader(), fat, ...entries, ...filled.map(({ content }) => content)])
}
