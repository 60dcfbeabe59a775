import { feedVersions, fileModes, isKnownFile, refusedFile, takenFiles } from './feedFiles.ts'
import type { FeedVersion, FileMode, TakenFile } from './feedFiles.ts'
import { FeedUnreadable } from './unreadable.ts'

/** What is taken of the package, in the order in which it is read. */
export type Manifest = { version: FeedVersion; files: { file: TakenFile; mode: 'bulk' | 'delta' }[] }

const file = 'manifest.csv'

/**
 * Understands manifest.csv and compares it with the package: what the manifest names must be there, and nothing else may be.
 * @param lines the fields of each line, the header first; empty lines have been left out
 * @param present the names of the other files of the package, without `.csv`
 * @throws FeedUnreadable
 */
export const readManifest = (lines: readonly (readonly string[])[], present: readonly string[]): Manifest => {
  const [header, ...rows] = lines
  if (header?.length !== 2 || header[0] !== 'propertyName' || header[1] !== 'value')
    throw new FeedUnreadable('manifest-header', { file, line: 1 })
  const properties = toProperties(rows)
  const version = toVersion(properties)
  const modes = toModes(properties, version)
  if ((modes.get(refusedFile) ?? 'absent') !== 'absent' || present.includes(refusedFile))
    throw new FeedUnreadable('file-refused', { file: `${refusedFile}.csv` })
  for (const [name, mode] of modes)
    if (mode !== 'absent' && !present.includes(name)) throw new FeedUnreadable('file-missing', { file: `${name}.csv` })
  // A name that OneRoster does not have may be anything, so it is not repeated.
  for (const name of present)
    if ((modes.get(name) ?? 'absent') === 'absent')
      throw new FeedUnreadable('file-extra', isKnownFile(name, '1.2') ? { file: `${name}.csv` } : {})
  const files = takenFiles.flatMap((name) => {
    const mode = modes.get(name) ?? 'absent'
    return mode === 'absent' ? [] : [{ file: name, mode }]
  })
  return { version, files }
}

const toProperties = (rows: readonly (readonly string[])[]): Map<string, { value: string; line: number }> => {
  const properties = new Map<string, { value: string; line: number }>()
  rows.forEach(([name = '', value = '', ...more], index) => {
    const line = index + 2
    if (name === '' || more.length > 0 || properties.has(name)) throw new FeedUnreadable('manifest-row', { file, line })
    properties.set(name, { value, line })
  })
  return properties
}

const toVersion = (properties: ReadonlyMap<string, { value: string }>): FeedVersion => {
  const version = feedVersions.find((known) => known === properties.get('oneroster.version')?.value)
  if (properties.get('manifest.version')?.value !== '1.0' || version === undefined) throw new FeedUnreadable('manifest-version', { file })
  return version
}

const toModes = (properties: ReadonlyMap<string, { value: string; line: number }>, version: FeedVersion): Map<string, FileMode> => {
  const modes = new Map<string, FileMode>()
  for (const [property, { value, line }] of properties) {
    if (!property.startsWith('file.')) continue
    const name = property.slice('file.'.length)
    const mode = fileModes.find((known) => known === value)
    if (mode === undefined) throw new FeedUnreadable('manifest-mode', { file, line })
    // A manifest may say absent for a file of another version.
    if (mode !== 'absent' && !isKnownFile(name, version)) throw new FeedUnreadable('manifest-file-unknown', { file, line })
    modes.set(name, mode)
  }
  return modes
}
