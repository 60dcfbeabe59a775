import yauzl from 'yauzl'
import type { Entry, ZipFile } from 'yauzl'
import type { RefusalReason } from '../../domain/attachment.ts'
import { uploadLimits } from '../../domain/uploadLimits.ts'
import type { Content } from './content.ts'
import { RangeReader } from './rangeReader.ts'

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

/** A part of a package: its first bytes, as many as were asked for. */
export type Part = { name: string; bytes: Buffer }

/** How many bytes of a part are wanted, judged by its name and its first `headBytes`, or fewer where it has fewer. */
export type KeepBytes = (name: string, head: Buffer) => number

/** A zip: the names of its parts, and the parts one after another, which are really unpacked to their end and counted. */
export type Package = {
  names: readonly string[]
  /** Every part in turn, in the order of the directory. @throws PackageRefused when it is too much or damaged. */
  parts: (keepBytes: KeepBytes) => AsyncGenerator<Part>
}

/** What every part is judged by, and all that is kept of most. */
export const headBytes = 64

/**
 * Opens a zip as Office programs see it, by its directory. Bounded by `packageLimits` as declared, then as unpacked.
 * @throws PackageRefused: encrypted, over a limit, damaged, with a path that leaves the package, or with two parts of one name.
 */
export const openPackage = async (content: Content): Promise<Package> => {
  const { zip, entries } = await listEntries(content).catch((error: unknown) => {
    throw error instanceof PackageRefused ? error : new PackageRefused('document-unreadable')
  })
  const files = entries.filter((entry) => !entry.fileName.endsWith('/'))
  async function* parts(keepBytes: KeepBytes) {
    let unpacked = 0
    for (const entry of files) {
      const { bytes, bytesInAll } = await readEntry(zip, entry, keepBytes)
      unpacked += bytesInAll
      if (unpacked > packageLimits.unpackedBytesMax) throw new PackageRefused('engine-limits')
      yield { name: entry.fileName, bytes }
    }
  }
  return { names: files.map((entry) => entry.fileName), parts }
}

const listEntries = async (content: Content): Promise<{ zip: ZipFile; entries: Entry[] }> => {
  // yauzl itself refuses absolute paths, backslashes and `..`.
  const options = { lazyEntries: true, autoClose: false, validateEntrySizes: true, strictFileNames: true }
  const zip = await yauzl.fromRandomAccessReaderPromise(new RangeReader(content), content.bytes, options)
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

/** Keeps the start of what is added; how much of it is asked when `headBytes` are there, or at the end. */
const createStartKeeper = (keepBytes: (head: Buffer) => number) => {
  let chunks: Buffer[] = []
  let bytesInAll = 0
  let wanted: number | null = null
  const decide = (): number => {
    const start = Buffer.concat(chunks)
    wanted = Math.max(headBytes, keepBytes(start.subarray(0, headBytes)))
    // A copy: a small view would hold the whole chunk.
    if (start.length >= wanted) chunks = [Buffer.from(start.subarray(0, wanted))]
    return wanted
  }
  return {
    add: (chunk: Buffer): void => {
      const before = bytesInAll
      bytesInAll += chunk.length
      if (wanted === null || before < wanted) chunks.push(wanted === null ? chunk : chunk.subarray(0, wanted - before))
      if (wanted === null && bytesInAll >= headBytes) decide()
    },
    end: () => {
      if (wanted === null) decide()
      return { bytes: Buffer.concat(chunks), bytesInAll }
    },
  }
}

/** yauzl fails when more or less comes out than declared, so this is bounded by `partBytesMax`. */
const readEntry = async (zip: ZipFile, entry: Entry, keepBytes: KeepBytes): Promise<{ bytes: Buffer; bytesInAll: number }> => {
  try {
    const kept = createStartKeeper((head) => keepBytes(entry.fileName, head))
    for await (const chunk of (await zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>) kept.add(chunk)
    return kept.end()
  } catch {
    throw new PackageRefused('document-unreadable')
  }
}
