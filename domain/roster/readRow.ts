import type { FeedVersion, TakenFile } from './feedFiles.ts'
import { createFieldReader } from './fieldReader.ts'
import type { FieldReader, HasId, ToLanguage } from './fieldReader.ts'
import type { MetadataSources } from './metadataSources.ts'
import type { Header } from './readHeader.ts'
import { readId, readMoment } from './readField.ts'
import type { Read } from './readField.ts'
import type { Fault, NoteCode } from './rejectCodes.ts'
import type { RosterRow } from './rosterRow.ts'
import { toRowsOf } from './toRows.ts'

/** What a file is, and how its rows are to be understood. */
export type RowSpec = MetadataSources & {
  file: TakenFile
  version: FeedVersion
  mode: 'bulk' | 'delta'
  hasId: HasId
  toLanguage: ToLanguage
  /** Whether an earlier line of the file with this id was taken. */
  isTaken(sourcedId: string): boolean
}

/**
 * What became of a line, always exactly one of three: taken (`rows`), rejected (no rows, `faults`), left out (neither, a note says why; of a delta a removal,
 * which a note explains). A line that is taken may have faults, of single references that did not resolve.
 */
export type RowOutcome = { sourcedId: string | null; rows: RosterRow[]; faults: Fault[]; notes: NoteCode[] }

type Status = 'active' | 'removed'

const readStatus = (value: string, mode: 'bulk' | 'delta'): Read<Status> => {
  if (value === 'active') return { value: 'active' }
  // `inactive` is what OneRoster 1.0 wrote, and some feeds still do.
  if (value === 'tobedeleted' || value === 'inactive') return { value: 'removed' }
  if (value === '') return mode === 'bulk' ? { value: 'active' } : { code: 'required-missing' }
  return { code: 'value-unknown' }
}

/** Understands lines that have as many fields as the header, one after the other. */
export const createRowReader = (header: Header, spec: RowSpec): ((cells: readonly string[]) => RowOutcome) => {
  const fields = createFieldReader(header, spec)
  const toRows = toRowsOf(spec.file, spec.version)
  const readThisStatus = (value: string): Read<Status> => readStatus(value, spec.mode)
  return (cells) => {
    fields.turnTo(cells)
    const sourcedId = fields.read('sourcedId', readId)
    const status = fields.read('status', readThisStatus)
    const rows = sourcedId === undefined ? [] : readRows(sourcedId, { fields, status, toRows, spec })
    return { sourcedId: sourcedId ?? null, rows, faults: fields.faults(), notes: fields.notes() }
  }
}

type Line = { fields: FieldReader; status: Status | undefined; toRows: ReturnType<typeof toRowsOf>; spec: RowSpec }

const readRows = (sourcedId: string, { fields, status, toRows, spec }: Line): RosterRow[] => {
  if (status === 'removed') {
    if (spec.mode === 'bulk') fields.note('deleted-in-bulk')
    // Whatever else is wrong with the line: a removal needs an id and nothing more.
    return [{ kind: 'removal', sourcedId }]
  }
  if (spec.mode === 'bulk' && !fields.isBlank('status')) fields.note('status-in-bulk')
  if (spec.mode === 'delta') fields.read('dateLastModified', readMoment)
  if (spec.isTaken(sourcedId)) fields.fault('sourcedId', 'id-duplicate')
  const isSound = fields.faults().length === 0
  const rows = toRows(sourcedId, fields)
  if (isSound && rows !== undefined) return rows
  // A change to what connects nobody ends what the row was before: nothing else would say so.
  return spec.mode === 'delta' && fields.faults().length === 0 ? [{ kind: 'removal', sourcedId }] : []
}
