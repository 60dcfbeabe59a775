import { feedLimits } from '../../domain/roster/feedLimits.ts'
import type { TakenFile } from '../../domain/roster/feedFiles.ts'
import { toMetadataColumns } from '../../domain/roster/metadataSources.ts'
import { readHeader } from '../../domain/roster/readHeader.ts'
import type { Header } from '../../domain/roster/readHeader.ts'
import { createRowReader } from '../../domain/roster/readRow.ts'
import type { RowOutcome, RowSpec } from '../../domain/roster/readRow.ts'
import { isDamage } from '../../domain/roster/rejectCodes.ts'
import type { NoteCode, Reject, RejectCode } from '../../domain/roster/rejectCodes.ts'
import type { RosterRow } from '../../domain/roster/rosterRow.ts'
import { FeedUnreadable } from '../../domain/roster/unreadable.ts'
import type { IdIndex } from './createIdIndex.ts'
import { readTable } from './readTable.ts'
import type { TableLine } from './readTable.ts'

/** What one line became: rows, rejects or neither (then a note says why). Rejects beside rows are of single references. */
export type FeedLine = { file: TakenFile; line: number; rows: RosterRow[]; rejects: Reject[]; notes: NoteCode[] }

type FileSpec = Omit<RowSpec, 'isTaken'> & { taken: IdIndex }

/** Every line of a file but its header, each exactly once; those of each chunk together. The ids of those that are taken are added to `taken`. @throws FeedUnreadable */
export async function* readFile(
  chunks: AsyncIterable<Uint8Array>,
  spec: FileSpec,
  rowsMax: number = feedLimits.rowsMax,
): AsyncGenerator<FeedLine[]> {
  const rowSpec: RowSpec = { ...spec, isTaken: (id) => spec.taken.has(id) }
  const name = `${spec.file}.csv`
  let reader: LineReader | null = null
  const counts = { lines: 0, damaged: 0 }
  for await (const tables of readTable(chunks, name)) {
    const lines: FeedLine[] = []
    for (const table of tables) {
      if (reader === null) {
        const header = toHeader(table, spec)
        reader = { file: spec.file, width: header.width, readRow: createRowReader(header, rowSpec) }
        continue
      }
      const line = toFeedLine(table, reader)
      for (const row of line.rows)
        if (row.kind !== 'removal' && row.kind !== 'guardian-link' && row.sourcedId !== null) spec.taken.add(row.sourcedId)
      if (!('isBlank' in table)) counts.lines += 1
      if (line.rejects.some(({ code }) => isDamage(code))) counts.damaged += 1
      if (counts.lines > rowsMax) throw new FeedUnreadable('rows-too-many', { file: name })
      lines.push(line)
    }
    yield lines
  }
  if (reader === null) throw new FeedUnreadable('header-missing', { file: name })
  if (counts.damaged > counts.lines * feedLimits.damagedShareMax) throw new FeedUnreadable('rows-damaged', { file: name })
  if (spec.mode === 'bulk' && spec.taken.count === 0) throw new FeedUnreadable('rows-missing', { file: name })
}

const toHeader = (table: TableLine, spec: FileSpec): Header => {
  if (!('fields' in table)) throw new FeedUnreadable('header-missing', { file: `${spec.file}.csv`, line: 1 })
  return readHeader(table.fields, { ...spec, metadata: toMetadataColumns(spec) })
}

type LineReader = { file: TakenFile; width: number; readRow: (cells: readonly string[]) => RowOutcome }

const toFeedLine = (table: TableLine, { file, width, readRow }: LineReader): FeedLine => {
  const { line } = table
  if ('isBlank' in table) return { file, line, rows: [], rejects: [], notes: ['line-blank'] }
  if ('damage' in table) return toDamaged(file, line, table.damage)
  if (table.fields.length !== width) return toDamaged(file, line, table.fields.length < width ? 'row-short' : 'row-long')
  const { sourcedId, rows, faults, notes } = readRow(table.fields)
  return { file, line, rows, rejects: faults.map((fault) => ({ file, line, sourcedId, ...fault })), notes }
}

/** Where fields are not what the header says, the first may be anything: a name, too. */
const toDamaged = (file: TakenFile, line: number, code: RejectCode): FeedLine => ({
  file,
  line,
  rows: [],
  rejects: [{ file, line, sourcedId: null, column: null, code, reference: null }],
  notes: [],
})
