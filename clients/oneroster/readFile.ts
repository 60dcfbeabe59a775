import { feedLimits } from '../../domain/roster/feedLimits.ts'
import type { TakenFile } from '../../domain/roster/feedFiles.ts'
import { readHeader } from '../../domain/roster/readHeader.ts'
import type { Header } from '../../domain/roster/readHeader.ts'
import { readRow } from '../../domain/roster/readRow.ts'
import type { RowSpec } from '../../domain/roster/readRow.ts'
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
  let header: Header | null = null
  const counts = { lines: 0, damaged: 0 }
  for await (const tables of readTable(chunks, name)) {
    const lines: FeedLine[] = []
    for (const table of tables) {
      if (header === null) {
        header = toHeader(table, spec)
        continue
      }
      const line = toFeedLine(table, header, rowSpec)
      for (const row of line.rows)
        if (row.kind !== 'removal' && row.kind !== 'guardian-link' && row.sourcedId !== null) spec.taken.add(row.sourcedId)
      if (!('isBlank' in table)) counts.lines += 1
      if (line.rejects.some(({ code }) => isDamage(code))) counts.damaged += 1
      if (counts.lines > rowsMax) throw new FeedUnreadable('rows-too-many', { file: name })
      lines.push(line)
    }
    yield lines
  }
  if (header === null) throw new FeedUnreadable('header-missing', { file: name })
  if (counts.damaged > counts.lines * feedLimits.damagedShareMax) throw new FeedUnreadable('rows-damaged', { file: name })
  if (spec.mode === 'bulk' && spec.taken.count === 0) throw new FeedUnreadable('rows-missing', { file: name })
}

const toHeader = (table: TableLine, spec: FileSpec): Header => {
  if (!('fields' in table)) throw new FeedUnreadable('header-missing', { file: `${spec.file}.csv`, line: 1 })
  return readHeader(table.fields, { ...spec, metadata: spec.custody?.column ?? null })
}

const toFeedLine = (table: TableLine, header: Header, spec: RowSpec): FeedLine => {
  const at = { file: spec.file, line: table.line }
  const damaged = (code: RejectCode): FeedLine => ({
    ...at,
    rows: [],
    // Where fields are not what the header says, the first may be anything: a name, too.
    rejects: [{ ...at, sourcedId: null, column: null, code, reference: null }],
    notes: [],
  })
  if ('isBlank' in table) return { ...at, rows: [], rejects: [], notes: ['line-blank'] }
  if ('damage' in table) return damaged(table.damage)
  if (table.fields.length !== header.width) return damaged(table.fields.length < header.width ? 'row-short' : 'row-long')
  const { sourcedId, rows, faults, notes } = readRow(table.fields, header, spec)
  return { ...at, rows, rejects: faults.map((fault) => ({ ...at, sourcedId, ...fault })), notes }
}
