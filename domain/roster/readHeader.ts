import { columnsOf, metadataPrefix } from './columns.ts'
import type { FeedVersion, FileMode, TakenFile } from './feedFiles.ts'
import { findNearest } from './findNearest.ts'
import { FeedUnreadable } from './unreadable.ts'

/** Where each column that is taken stands. What is not in `positions` is never looked at. */
export type Header = { positions: ReadonlyMap<string, number>; width: number }

/**
 * Understands the first line of a file. Strict, because a column that is not recognised is a column that is missing: `agentSourcedId` for
 * `agentSourcedIds` would end every guardian's access, and look like a roster.
 * @throws FeedUnreadable naming the place, and OneRoster's word for what probably stands there; never what stands there.
 */
export const readHeader = (
  cells: readonly string[],
  spec: { file: TakenFile; version: FeedVersion; mode: FileMode; metadata: readonly string[] },
): Header => {
  const columns = columnsOf(spec.file, spec.version)
  const always = spec.mode === 'delta' ? ['sourcedId', 'status', 'dateLastModified'] : ['sourcedId']
  const required = [...always, ...columns.required]
  const taken = [...required, 'status', 'dateLastModified', ...columns.optional]
  const known = new Set([...taken, ...columns.dropped])
  const positions = new Map<string, number>()
  const seen = new Set<string>()
  cells.forEach((cell, index) => {
    const at = { file: `${spec.file}.csv`, line: 1, column: index + 1 }
    const isMetadata = cell.startsWith(metadataPrefix) && /^[\w.:-]+$/.test(cell.slice(metadataPrefix.length))
    if (!known.has(cell) && !isMetadata) throw new FeedUnreadable('header-column-unknown', { ...at, ...toProbable(cell, known) })
    if (seen.has(cell)) throw new FeedUnreadable('header-column-duplicate', { ...at, ...(isMetadata ? {} : { columnName: cell }) })
    seen.add(cell)
    if (taken.includes(cell) || spec.metadata.includes(cell)) positions.set(cell, index)
  })
  const missing = required.find((column) => !seen.has(column))
  if (missing !== undefined) throw new FeedUnreadable('header-column-missing', { file: `${spec.file}.csv`, line: 1, columnName: missing })
  return { positions, width: cells.length }
}

const toProbable = (cell: string, known: ReadonlySet<string>): { columnName?: string } => {
  const columnName = findNearest(cell, known)
  return columnName === null ? {} : { columnName }
}
