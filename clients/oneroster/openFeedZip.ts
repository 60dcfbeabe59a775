import type { Readable } from 'node:stream'
import { crc32 } from 'node:zlib'
import yauzl from 'yauzl'
import type { Entry, ZipFile } from 'yauzl'
import { feedLimits } from '../../domain/roster/feedLimits.ts'
import { FeedUnreadable } from '../../domain/roster/unreadable.ts'
import type { UnreadableCode } from '../../domain/roster/unreadable.ts'

/** The package of a feed: files without folders, each once. */
export type FeedZip = {
  /** The names of the files, `users.csv`. */
  names: string[]
  /** The bytes of a file from its start, any number of times. @throws FeedUnreadable `zip-damaged` when they are not what was packed. */
  read(name: string): AsyncGenerator<Buffer>
  close(): void
}

/**
 * Opens the zip at `path` and looks at all that its directory says before a byte is unpacked; what is unpacked is held against it again.
 * @throws FeedUnreadable
 */
export const openFeedZip = async (path: string): Promise<FeedZip> => {
  // Names are taken as bytes: what stands there is compared with what may, and never made into another name first.
  const options = { lazyEntries: true, autoClose: false, validateEntrySizes: true, decodeStrings: false }
  const zip = await yauzl.openPromise(path, options).catch((error: unknown) => {
    // That there is no such file is not the feed's fault.
    throw isOfTheSystem(error) ? error : new FeedUnreadable('zip-damaged')
  })
  try {
    const entries = await listEntries(zip)
    return { names: [...entries.keys()], read: (name) => readEntry(zip, entries, name), close: () => zip.close() }
  } catch (error) {
    zip.close()
    if (error instanceof FeedUnreadable || isOfTheSystem(error)) throw error
    throw new FeedUnreadable('zip-damaged')
  }
}

const isOfTheSystem = (error: unknown): boolean => error instanceof Error && 'syscall' in error

const listEntries = async (zip: ZipFile): Promise<Map<string, Entry>> => {
  if (zip.entryCount > feedLimits.entriesMax) throw new FeedUnreadable('zip-too-many-entries')
  const entries = new Map<string, Entry>()
  const seen = new Set<string>()
  let unpacked = 0
  let packed = 0
  for await (const entry of zip.eachEntry()) {
    const name = entry.fileNameRaw.toString('latin1')
    const refused = findRefusal(name, entry)
    if (refused !== null) throw new FeedUnreadable(refused)
    // Programs differ in which of two they take, and some do not tell Users.csv from users.csv.
    if (seen.has(name.toLowerCase())) throw new FeedUnreadable('zip-entry-duplicate')
    seen.add(name.toLowerCase())
    unpacked += entry.uncompressedSize
    packed += entry.compressedSize
    if (unpacked > feedLimits.unpackedBytesMax) throw new FeedUnreadable('zip-too-large')
    if (isBomb(entry.uncompressedSize, entry.compressedSize) || isBomb(unpacked, packed)) throw new FeedUnreadable('zip-packed-too-well')
    entries.set(name, entry)
  }
  return entries
}

const isBomb = (unpacked: number, packed: number): boolean => unpacked > feedLimits.ratioBytesMin && unpacked > packed * feedLimits.ratioMax

/** The type of a file in the high half of the attributes that Unix programs write; nothing there is an ordinary file. */
const isOrdinary = (entry: Entry): boolean => {
  const type = (entry.externalFileAttributes >>> 16) & 0o170000
  return type === 0 || type === 0o100000
}

const findRefusal = (name: string, entry: Entry): UnreadableCode | null => {
  if (/[/\\:]/.test(name) || name.startsWith('.')) return 'zip-entry-path'
  if (!isOrdinary(entry)) return 'zip-entry-not-a-file'
  return entry.isEncrypted() ? 'zip-entry-encrypted' : null
}

/** yauzl sees to it that no more and no less comes out than declared; the checksum is ours to check. */
async function* readEntry(zip: ZipFile, entries: ReadonlyMap<string, Entry>, name: string): AsyncGenerator<Buffer> {
  const entry = entries.get(name)
  if (entry === undefined) throw new Error(`${name} is not in the package`)
  const stream = await zip.openReadStreamPromise(entry).catch(() => {
    throw new FeedUnreadable('zip-damaged', { file: name })
  })
  let sum = 0
  for await (const chunk of withoutStrangers(stream, name)) {
    sum = crc32(chunk, sum)
    yield chunk
  }
  if (sum !== entry.crc32) throw new FeedUnreadable('zip-damaged', { file: name })
}

/** What goes wrong with the bytes is the feed's fault; what goes wrong with those who read them is not. */
async function* withoutStrangers(stream: Readable, file: string): AsyncGenerator<Buffer> {
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterableIterator<Buffer>
  try {
    for (;;) {
      const next = await chunks.next().catch((error: unknown) => {
        throw isOfTheSystem(error) ? error : new FeedUnreadable('zip-damaged', { file })
      })
      if (next.done === true) return
      yield next.value
    }
  } finally {
    stream.destroy()
  }
}
