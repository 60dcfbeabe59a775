import { wordPart } from './wordPart.ts'
import type { ProtectedSpan, RosterName } from './lostKind.ts'

/** Parts of names that are words of their language, and no names alone. */
const particles = new Set(
  'da das de del della den der des di do dos du el la las le les los san santa van von y e al bin ben ibn abu'.split(' '),
)
/** Behind one of these, a word at the head of a sentence is a verb and no name: “Will you come?”, “Mark your calendars”, “May I ask”. */
const followers =
  /^\s+(?:you|your|we|our|the|an?|this|that|these|those|i|he|she|it|they|their|there|us|me|him|her|my|his|its|all|any|every|each|one|in|on|up|out|for|to)\b/iu
const verbs = new Set(
  'will may mark grant chase drew bill frank hope art pat grace rose ray miles mark dawn april june august can sue rob skip jack page reed hunter trace drew tate'.split(
    ' ',
  ),
)

const escape = (text: string): string =>
  text.replaceAll(/[\\^$.*+?()[\]{}|/]/gu, String.raw`\$&`).replaceAll(/\s+/gu, String.raw`[ \t\u00A0\u202F]+`)

/** A name and what people call somebody by it: its parts, without the particles. Sections are only ever whole. */
const toForms = ({ kind, text }: RosterName): string[] => {
  const whole = text.trim()
  const parts = kind === 'section' ? [] : whole.split(/\s+/u).filter((part) => /^\p{L}.+/u.test(part) && !particles.has(part.toLowerCase()))
  return [whole, ...parts].filter((form) => /[\p{L}\p{N}]/u.test(form))
}

/** As it is written and in capitals, composed and decomposed. */
const toSpellings = (form: string): string[] => [
  ...new Set([form, form.toUpperCase()].flatMap((one) => [one.normalize('NFC'), one.normalize('NFD')])),
]

/** A word at the head of a sentence is written with a capital, name or not. */
const isPlainWord = (text: string, start: number, end: number): boolean =>
  verbs.has(text.slice(start, end).toLowerCase()) &&
  followers.test(text.slice(end, end + 20)) &&
  /(?:^|[.!?…:\n¿¡"“(])\s*$/u.test(text.slice(0, start).slice(-20))

const wordsOf = new RegExp(`(?:${wordPart})+`, 'gu')

/** Those that begin with a word of the text: a section has thousands of names, and a text a few. */
const keepPossible = (spellings: readonly string[], text: string): string[] => {
  const words = new Set(text.match(wordsOf))
  return spellings.filter((spelling) => {
    const first = spelling.match(wordsOf)?.[0]
    return first === undefined ? text.includes(spelling) : words.has(first)
  })
}

/**
 * Where the names of a roster stand in a text: the longest first, as whole words, with the case of the roster or in capitals. Of a name that is a verb too, the verb is told from it by where it stands.
 */
export const findNames = (text: string, names: readonly RosterName[]): ProtectedSpan[] => {
  const kinds = new Map<string, RosterName['kind']>()
  for (const name of names.toSorted((one, other) => Number(other.kind === 'name') - Number(one.kind === 'name')))
    for (const form of toForms(name)) for (const spelling of toSpellings(form)) if (!kinds.has(spelling)) kinds.set(spelling, name.kind)
  const forms = keepPossible([...kinds.keys()], text).toSorted((one, other) => other.length - one.length)
  if (forms.length === 0) return []
  const pattern = new RegExp(String.raw`(?<!${wordPart})(?:${forms.map(escape).join('|')})(?!${wordPart})(?![\p{M}\u200D])`, 'gu')
  return [...text.matchAll(pattern)]
    .map(({ index, 0: found }) => ({
      kind: kinds.get(found) ?? kinds.get(found.replaceAll(/\s+/gu, ' ')) ?? ('name' as const),
      start: index,
      end: index + found.length,
      isHeld: true,
    }))
    .filter(({ start, end }) => !isPlainWord(text, start, end))
}
