import type { MetadataColumn } from './columns.ts'

/**
 * What the roster knows of a guardian's right to be written to. Only `permitted` ever connects anybody: what the district has not confirmed is
 * treated as denied (law 4).
 */
export const custodies = ['permitted', 'denied', 'unknown'] as const
export type Custody = (typeof custodies)[number]

/**
 * Where a district's feed says it: OneRoster has no field for custody, so it is a column of `metadata.*` on users, and the words
 * that this district writes there.
 */
export type CustodySource = { column: MetadataColumn; permitted: readonly string[]; denied: readonly string[] }

const toWord = (value: string): string => value.trim().toLowerCase()

/** Blank, absent and any word that the district has not named are `unknown`; a word on both lists is `denied`. */
export const readCustody = (value: string, source: CustodySource | null): Custody => {
  if (source === null) return 'unknown'
  const isOn = (words: readonly string[]): boolean => words.some((word) => toWord(word) !== '' && toWord(word) === toWord(value))
  if (isOn(source.denied)) return 'denied'
  return isOn(source.permitted) ? 'permitted' : 'unknown'
}
