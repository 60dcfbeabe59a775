import { rejectCodes } from './rejectCodes.ts'
import type { Reject } from './rejectCodes.ts'

/** The header of a report of rejects. */
export const rejectHeader = 'file,line,column,code,reason,sourcedId,reference'

/**
 * A reject as a line of CSV, without its end. Every cell is quoted, and one that a spreadsheet would take for a formula gets an apostrophe in
 * front (OWASP, CSV injection): an id may begin with `-` or `@`.
 */
export const toRejectLine = ({ file, line, column, code, sourcedId, reference }: Reject): string =>
  [`${file}.csv`, String(line), column ?? '', code, rejectCodes[code], sourcedId ?? '', reference ?? ''].map(toCell).join(',')

const toCell = (value: string): string => `"${(/^[=+\-@\t\r]/.test(value) ? `'${value}` : value).replaceAll('"', '""')}"`
