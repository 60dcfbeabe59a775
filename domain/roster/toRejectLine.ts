import { rejectCodes } from './rejectCodes.ts'
import type { Reject } from './rejectCodes.ts'
import { toCsvCell } from './toCsvCell.ts'

/** The header of a report of rejects. */
export const rejectHeader = 'file,line,column,code,reason,sourcedId,reference'

/** A reject as a line of CSV, without its end. */
export const toRejectLine = ({ file, line, column, code, sourcedId, reference }: Reject): string =>
  [`${file}.csv`, String(line), column ?? '', code, rejectCodes[code], sourcedId ?? '', reference ?? ''].map(toCsvCell).join(',')
