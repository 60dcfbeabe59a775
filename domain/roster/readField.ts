import { feedLimits } from './feedLimits.ts'
import type { RejectCode } from './rejectCodes.ts'

/** A field as it was understood, or why it was not. */
export type Read<T> = { value: T } | { code: RejectCode }

const idPattern = /^[0-9A-Za-z./@_-]{1,255}$/
const dayPattern = /^(\d{4})-(\d\d)-(\d\d)$/
const momentPattern = /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?Z$/
// Tab and every other control character, and the two separators that some programs break lines at.
// oxlint-disable-next-line eslint/no-control-regex
const unprintable = /[\u0000-\u001F\u007F-\u009F\u2028\u2029]/

/** OneRoster's GUID. Kept letter by letter: ids that differ in case or leading zeros are different ids. */
export const isId = (value: string): boolean => idPattern.test(value)

const isDay = (value: string): boolean => {
  const parts = dayPattern.exec(value)
  if (parts === null) return false
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])]
  return year >= 1900 && month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate()
}

export const readId = (value: string): Read<string> =>
  value === '' ? { code: 'required-missing' } : isId(value) ? { value } : { code: 'id-malformed' }

/** The places of a list in a cell; blanks around them and empty places are ignored, each value is there once. */
export const splitList = (value: string): string[] => [
  ...new Set(
    value
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  ),
]

export const readDay = (value: string): Read<string> =>
  value === '' ? { code: 'required-missing' } : isDay(value) ? { value } : { code: 'date-malformed' }

export const readOptionalDay = (value: string): Read<string | null> => (value === '' ? { value: null } : readDay(value))

/** UTC; with or without fractions of a second. */
export const readMoment = (value: string): Read<string> => {
  if (value === '') return { code: 'required-missing' }
  const day = momentPattern.exec(value)?.[1]
  return day !== undefined && isDay(day) ? { value } : { code: 'date-time-malformed' }
}

export const readOptionalText = (value: string): Read<string | null> => {
  // Half a surrogate pair comes by JSON, and no database takes it.
  if (unprintable.test(value) || !value.isWellFormed()) return { code: 'character-unprintable' }
  const text = value.trim()
  if (text.length > feedLimits.textCharactersMax) return { code: 'text-too-long' }
  return { value: text === '' ? null : text }
}

export const readText = (value: string): Read<string> => {
  const text = readOptionalText(value)
  if ('code' in text) return text
  return text.value === null ? { code: 'required-missing' } : { value: text.value }
}

/** Spreadsheets write TRUE. */
export const readBoolean = (value: string): Read<boolean> => {
  const word = value.toLowerCase()
  if (word === '') return { code: 'required-missing' }
  return word === 'true' || word === 'false' ? { value: word === 'true' } : { code: 'value-unknown' }
}

/** The year in which a school year ends. */
export const readYear = (value: string): Read<number> => {
  if (value === '') return { code: 'required-missing' }
  return /^(?:19|20|21)\d\d$/.test(value) ? { value: Number(value) } : { code: 'value-unknown' }
}

/** One of `words`, as what it means to us. `ext:…` is the district's own word and means `extension`. */
export const readWord = <T>(value: string, words: Readonly<Record<string, T>>, extension: T): Read<T> => {
  if (value === '') return { code: 'required-missing' }
  if (/^ext:./.test(value)) return { value: extension }
  return Object.hasOwn(words, value) ? { value: words[value] as T } : { code: 'value-unknown' }
}
