import { buffer } from 'node:stream/consumers'
import yauzl from 'yauzl'
import type { Entry, ZipFile } from 'yauzl'
import type { RefusalReason } from '../../domain/attachment.ts'
import { uploadLimits } from '../../domain/uploadLimits.ts'

/** Within what clamd looks at (MaxFiles, MaxFileSize, MaxScanSize): beyond its limits it may say OK (docs/decisions/scanner-adapter.md). */
export const packageLimits = {
  partsMax: 5_000,
  partBytesMax: uploadLimits.bytesCeiling,
  unpackedBytesMax: 300 * 1024 * 1024,
} as const

/** What a package is refused for while it is opened or read. */
export class PackageRefused extends Error {
  override readonly name = 'PackageRefused'
  readonly reason: RefusalReason
  constructor(reason: RefusalReason) {
    super(reason)
    this.reason = reason
  }
}

/** A zip held in memory: the names of its parts, and their bytes one after another, which are really unpacked and counted. */
export type Package = {
  names: readonly string[]
  /** Every part in turn, in the order of the directory. @throws PackageRefused when it is too much or damaged. */
  parts: () => AsyncGenerator<{ name: string; bytes: Buffer }>
}

/**
 * Opens a zip as Office programs see it, by its directory. Bounded by `packageLimits` as declared, then as unpacked.
 * @throws PackageRefused: encrypted, over a limit, damaged, with a path that leaves the package, or with two parts of one name.
 */
export const openPackage = async (content: Buffer): Promise<Package> => {
  const { zip, entries } = await listEntries(content).catch((error: unknown) => {
    throw error instanceof PackageRefused ? error : new PackageRefused('document-unreadable')
  })
  const files = entries.filter((entry) => !entry.fileName.endsWith('/'))
  async function* parts() {
    let unpacked = 0
    for (const entry of files) {
      const bytes = await readEntry(zip, entry)
      unpacked += bytes.length
      if (unpacked > packageLimits.unpackedBytesMax) throw new PackageRefused('engine-limits')
      yield { name: entry.fileName, bytes }
    }
  }
  return { names: files.map((entry) => entry.fileName), parts }
}

const listEntries = async (content: Buffer): Promise<{ zip: ZipFile; entries: Entry[] }> => {
  // yauzl itself refuses absolute paths, backslashes and `..`.
  const zip = await yauzl.fromBufferPromise(content, { lazyEntries: true, validateEntrySizes: true, strictFileNames: true })
  if (zip.entryCount > packageLimits.partsMax) throw new PackageRefused('engine-limits')
  const entries: Entry[] = []
  const seen = new Set<string>()
  let declared = 0
  for await (const entry of zip.eachEntry()) {
    if (entry.isEncrypted()) throw new PackageRefused('encrypted')
    declared += entry.uncompressedSize
    if (entry.uncompressedSize > packageLimits.partBytesMax || declared > packageLimits.unpackedBytesMax)
      throw new PackageRefused('engine-limits')
    // Programs differ in which of two they take.
    const name = entry.fileName.toLowerCase()
    if (seen.has(name)) throw new PackageRefused('document-unreadable')
    seen.add(name)
    entries.push(entry)
  }
  return { zip, entries }
}

/** yauzl fails when more or less comes out than declared, so this is bounded by `partBytesMax`. */
const readEntry = async (zip: ZipFile, entry: Entry): Promise<Buffer> => {
  try {
    return await buffer(await zip.openReadStreamPromise(entry))
  } catch {
    throw new PackageRefused('document-unreadable')
  }
}
