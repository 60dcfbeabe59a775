import { foldText } from './foldText.ts'

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)

const compiled = new WeakMap<readonly string[], RegExp | null>()

/** Finds these words and phrases in a folded text: whole words only, however many blanks are between them. Null of none. The same list is read once. */
export const toWordPattern = (words: readonly string[]): RegExp | null => {
  const known = compiled.get(words)
  if (known !== undefined) return known
  const folded = words.map((word) => foldText(word).text.trim()).filter((word) => word !== '')
  const longestFirst = folded.toSorted((one, other) => other.length - one.length)
  const any = longestFirst.map((word) => escape(word).replace(/\s+/g, String.raw`\s+`)).join('|')
  const pattern = any === '' ? null : new RegExp(String.raw`(?<![\p{L}\p{N}])(?:${any})(?![\p{L}\p{N}])`, 'gu')
  compiled.set(words, pattern)
  return pattern
}
