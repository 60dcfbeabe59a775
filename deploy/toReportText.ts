import { findingCodes } from '../domain/roster/feedReport.ts'
import type { FeedReport } from '../domain/roster/feedReport.ts'
import { noteCodes, rejectCodes } from '../domain/roster/rejectCodes.ts'
import { toTextTable } from './toTextTable.ts'

const section = (title: string, rows: readonly (readonly (string | number)[])[]): string =>
  rows.length === 0 ? '' : `\n${title}\n${toTextTable(rows)}\n`

/** A report for the person who makes the feed. */
export const toReportText = ({ version, files, rows, rejects, notes, findings }: FeedReport): string => {
  const head = ['file', '', 'lines', 'taken', 'rejected', 'left out']
  const counts = files.map((of) => [`${of.file}.csv`, of.mode, of.lines, of.taken, of.rejected, of.leftOut])
  const parts = [
    `OneRoster ${version}. Nothing was applied.\n`,
    section('Files', [head, ...counts]),
    section('Would be taken in', Object.entries(rows)),
    section(
      'Rejected',
      rejects.map(({ file, column, code, count }) => [count, `${file}.csv`, column ?? '(the line)', code, rejectCodes[code]]),
    ),
    section(
      'Notes',
      notes.map(({ file, code, count }) => [count, `${file}.csv`, code, noteCodes[code]]),
    ),
    section(
      'Looks wrong',
      findings.map((code) => [code, findingCodes[code]]),
    ),
    findings.length === 0 && rejects.length === 0 ? '\nNothing looks wrong.\n' : '',
  ]
  return parts.join('')
}
