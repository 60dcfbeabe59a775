import { rosterReasons, type RosterChangeKind, type RosterReason, type RosterSubject } from './subjects.ts'
import { toCsvCell } from './toCsvCell.ts'

/** One difference between a feed and the roster, by the district's own ids. */
export type ChangeLine = {
  subject: RosterSubject
  change: RosterChangeKind
  reason: RosterReason
  sourcedId: string | null
  file: string | null
  line: number | null
}

/** The header of a dry run's list. */
export const changesHeader = 'subject,change,sourcedId,reason,file,line'

/** A difference as a line of CSV, without its end. */
export const toChangeLine = ({ subject, change, sourcedId, reason, file, line }: ChangeLine): string =>
  [subject, change, sourcedId ?? '', rosterReasons[reason], file ?? '', line === null ? '' : String(line)].map(toCsvCell).join(',')
