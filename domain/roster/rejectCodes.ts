import type { TakenFile } from './feedFiles.ts'

/** Why a line, or one reference on it, is not taken: what is wrong, for the person who makes the feed. `docs/roster-feeds.md` has the mends. */
export const rejectCodes = {
  'row-short': 'has fewer fields than the header',
  'row-long': 'has more fields than the header: a comma outside of quotes',
  'line-break-in-field': 'a quoted field goes on in the next line, or begins in an earlier one',
  'quote-damaged': 'a quotation mark stands where none may',
  'required-missing': 'is blank and must not be',
  'id-malformed': 'is no id: 1 to 255 of letters, digits and . / @ _ -',
  'date-malformed': 'is no day of the form 2026-08-24',
  'date-time-malformed': 'is no moment of the form 2026-08-24T06:00:00.000Z',
  'value-unknown': 'is none of the words that OneRoster has for it',
  'text-too-long': 'is longer than 1,000 characters',
  'character-unprintable': 'has a control character, or half of one that is written in two',
  'period-reversed': 'ends before it begins',
  'id-duplicate': 'an earlier line of the file has the same sourcedId',
  'reference-unresolved': 'refers to an id that no line taken from this feed has',
  'language-unknown': 'names no language that is known, or more than one; the line is taken without it',
} as const satisfies Record<string, string>
export type RejectCode = keyof typeof rejectCodes

/** Those that say that a line is not made as its header says. Many of them, and the file is not what it seems. */
const damageCodes: readonly RejectCode[] = ['row-short', 'row-long', 'line-break-in-field', 'quote-damaged']
export const isDamage = (code: RejectCode): boolean => damageCodes.includes(code)

/** What never keeps a line or an event from being taken: somebody's language matters less than that they are there. */
export const isWarning = (code: RejectCode): boolean => code === 'language-unknown'

/** What is wrong with a field. `reference` is the id that did not resolve. */
export type Fault = { column: string | null; code: RejectCode; reference: string | null }

/** `line` counts from 1, the header's. `sourcedId` is the row's where it could be read. No other value of the row is ever in a reject. */
export type Reject = Fault & { file: TakenFile; line: number; sourcedId: string | null }

/** Why a line is understood and still left out, or is taken and worth a word. */
export const noteCodes = {
  'deleted-in-bulk': 'left out: tobedeleted in a bulk file is the same as not being there',
  'role-connects-nobody': 'left out: a role in a section that connects nobody (administrator, proctor, or one of the district’s own)',
  'role-not-known': 'a role of the district’s own (ext:…), which connects nobody',
  'period-empty': 'left out: begins and ends on the same day',
  'line-blank': 'left out: an empty line',
  'status-in-bulk': 'a bulk file has no status; it was not needed',
} as const satisfies Record<string, string>
export type NoteCode = keyof typeof noteCodes
