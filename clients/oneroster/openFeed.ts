import type { FeedVersion, TakenFile } from '../../domain/roster/feedFiles.ts'
import { feedLimits } from '../../domain/roster/feedLimits.ts'
import type { HasId } from '../../domain/roster/fieldReader.ts'
import type { MetadataSources } from '../../domain/roster/metadataSources.ts'
import { readManifest } from '../../domain/roster/readManifest.ts'
import type { Manifest } from '../../domain/roster/readManifest.ts'
import { FeedUnreadable } from '../../domain/roster/unreadable.ts'
import { readLanguageName } from '../language/readLanguageName.ts'
import { createIdIndex } from './createIdIndex.ts'
import type { IdIndex } from './createIdIndex.ts'
import { openFeedZip } from './openFeedZip.ts'
import type { FeedZip } from './openFeedZip.ts'
import { readFile } from './readFile.ts'
import type { FeedLine } from './readFile.ts'
import { readTable } from './readTable.ts'

/** A OneRoster package whose manifest is understood. Close it when done. */
export type Feed = {
  version: FeedVersion
  /** What is taken, in the order in which it must be read. */
  files: Manifest['files']
  /**
   * Every line of the next file but its header, as rows, rejects and notes, some at a time. References are held against the files read before, so each file
   * is read once, to its end, in the order of `files`.
   * @throws FeedUnreadable at any moment, even after the last line: nothing of the feed may be applied before all of it was read.
   */
  read(file: TakenFile): AsyncGenerator<FeedLine[]>
  close(): void
}

/** Opens the package at `path`. @throws FeedUnreadable */
export const openFeed = async (path: string, sources: MetadataSources): Promise<Feed> => {
  const zip = await openFeedZip(path)
  try {
    const manifest = await loadManifest(zip)
    return { version: manifest.version, files: manifest.files, read: createReading(zip, manifest, sources), close: () => zip.close() }
  } catch (error) {
    zip.close()
    throw error
  }
}

const manifestName = 'manifest.csv'

const loadManifest = async (zip: FeedZip): Promise<Manifest> => {
  if (!zip.names.includes(manifestName)) throw new FeedUnreadable('manifest-missing')
  const lines: string[][] = []
  for await (const tables of readTable(zip.read(manifestName), manifestName))
    for (const table of tables) {
      if ('damage' in table)
        throw new FeedUnreadable(table.line === 1 ? 'manifest-header' : 'manifest-row', { file: manifestName, line: table.line })
      if ('fields' in table) lines.push(table.fields)
      if (lines.length > feedLimits.manifestLinesMax || toCharacters(lines.at(-1)) > feedLimits.manifestLineCharactersMax)
        throw new FeedUnreadable('manifest-row', { file: manifestName, line: table.line })
    }
  const others = zip.names.filter((name) => name !== manifestName)
  return readManifest(
    lines,
    others.map((name) => (name.endsWith('.csv') ? name.slice(0, -'.csv'.length) : name)),
  )
}

const toCharacters = (fields: readonly string[] = []): number => fields.reduce((sum, field) => sum + field.length, 0)

const createReading = (zip: FeedZip, manifest: Manifest, sources: MetadataSources): Feed['read'] => {
  const indexes = new Map<TakenFile, IdIndex>()
  const bulk = new Set(manifest.files.filter(({ mode }) => mode === 'bulk').map(({ file }) => file))
  // Only a bulk file says what there is; what a delta or an absent one does not name, the district may have had before.
  const hasId: HasId = (file, id) => !bulk.has(file) || (indexes.get(file)?.has(id) ?? false)
  let next = 0
  return async function* read(file) {
    const expected = manifest.files[next]
    if (expected?.file !== file) throw new Error(`read ${expected?.file ?? 'nothing more'} next, not ${file}`)
    next += 1
    const spec = { ...expected, version: manifest.version, ...sources, toLanguage: readLanguageName }
    const chunks = () => zip.read(`${file}.csv`)
    // Guardians may stand before or after their students in the same file, so its ids are gathered first.
    if (file === 'users' && expected.mode === 'bulk') {
      const hasOther: HasId = (other, id) => other === 'users' || hasId(other, id)
      indexes.set(file, await gatherIds((taken) => readFile(chunks(), { ...spec, taken, hasId: hasOther })))
    }
    const taken = createIdIndex()
    if (!indexes.has(file)) indexes.set(file, taken)
    yield* readFile(chunks(), { ...spec, taken, hasId })
  }
}

/** What makes the file unreadable is for its own reading to say, after the lines that explain it. */
const gatherIds = async (read: (taken: IdIndex) => AsyncGenerator<FeedLine[]>): Promise<IdIndex> => {
  const taken = createIdIndex()
  try {
    for await (const lines of read(taken)) void lines
  } catch (error) {
    if (!(error instanceof FeedUnreadable)) throw error
  }
  return taken
}
