import { foldText } from './foldText.ts'
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

/** Two letters that stand beside a hyphen are more often a word (“So-Min”, “In-Ho”). */
const isPart = (part: string, lettersMin: number): boolean =>
  /^\p{L}/u.test(part) && Array.from(part).length >= lettersMin && !particles.has(part.toLowerCase())

/** A name and what people call somebody by it: its parts, without the particles, and what stands in it in quotes. Sections are only ever whole. */
const toForms = ({ kind, text }: RosterName): string[] => {
  const whole = text.trim()
  const words = kind === 'section' ? [] : whole.split(/[\s,"“”„«»()/]+/u)
  const parts = words.flatMap((word) => [
    ...(isPart(word, 2) ? [word] : []),
    ...word.split(/[-‐‑–]/u).filter((part) => part !== word && isPart(part, 3)),
  ])
  return [whole, ...parts].filter((form) => /[\p{L}\p{N}]/u.test(form))
}

const toKey = (text: string): string => foldText(text).text.replaceAll(/\s+/gu, ' ')

/**
 * Given and family name together, which nobody takes for anything else in small letters either, unless they are all such verbs. Of a part alone that cannot be said: “will”, “may” and “rose” are words, as are
 * “young” and “summer”, and there is no list of the words of every language here. Of two letters, words are made as easily (“so min”).
 */
const isUnmistakable = ({ kind, text }: RosterName): boolean => {
  const parts = text.split(/\s+/u).filter((part) => isPart(part, 3))
  return kind === 'name' && parts.length > 1 && !parts.every((part) => verbs.has(part.toLowerCase()))
}

/** As the roster and a text spell it when nobody sees a difference. */
const toSpelling = (text: string): string => text.replaceAll(/\p{Default_Ignorable_Code_Point}/gu, '').normalize('NFC')

/** As somebody writes a name: with a capital, in a script that has none, or as the roster does. */
const isWrittenAsName = (written: string, forms: ReadonlySet<string>): boolean =>
  !/^\p{Ll}/u.test(written) || forms.has(toSpelling(written))

/** A word at the head of a sentence is written with a capital, name or not. */
const isPlainWord = (text: string, start: number, end: number): boolean =>
  verbs.has(text.slice(start, end).toLowerCase()) &&
  followers.test(text.slice(end, end + 20)) &&
  /(?:^|[.!?…:\n¿¡"“(])\s*$/u.test(text.slice(0, start).slice(-20))

const wordsOf = new RegExp(`(?:${wordPart})+`, 'gu')

/** Those that begin with a word of the text: a section has thousands of names, and a text a few. */
const keepPossible = (keys: readonly string[], text: string): string[] => {
  const words = new Set(text.match(wordsOf))
  return keys.filter((key) => {
    const first = key.match(wordsOf)?.[0]
    return first === undefined ? text.includes(key) : words.has(first)
  })
}

/**
 * Where the names of a roster stand in a text: the longest first, as whole words, with or without accents, and with a capital, as the roster writes them, or given and family name together. Of a name that is a verb too, the verb is
 * told from it by where it stands. Signs inside of a name that nobody sees make it no other name.
 */
export const findNames = (text: string, names: readonly RosterName[]): ProtectedSpan[] => {
  const kinds = new Map<string, RosterName['kind']>()
  const written = new Set<string>()
  const unmistakable = new Set<string>()
  for (const name of names.toSorted((one, other) => Number(other.kind === 'name') - Number(one.kind === 'name'))) {
    if (isUnmistakable(name)) unmistakable.add(toKey(name.text.trim()))
    for (const form of toForms(name)) {
      written.add(toSpelling(form))
      // “ß” is two letters in capitals.
      for (const key of [toKey(form), toKey(form.toUpperCase())]) if (!kinds.has(key)) kinds.set(key, name.kind)
    }
  }
  const folded = foldText(text)
  const forms = keepPossible([...kinds.keys()], folded.text).toSorted((one, other) => other.length - one.length)
  if (forms.length === 0) return []
  const pattern = new RegExp(String.raw`(?<!${wordPart})(?:${forms.map(escape).join('|')})(?!${wordPart})(?![\p{M}\u200D])`, 'gu')
  const spans: ProtectedSpan[] = []
  for (let match = pattern.exec(folded.text); match !== null; match = pattern.exec(folded.text)) {
    const { index, 0: found } = match
    const [start = 0, end = text.length] = [folded.starts[index], folded.ends[index + found.length - 1]]
    const key = found.replaceAll(/\s+/gu, ' ')
    if ((unmistakable.has(key) || isWrittenAsName(text.slice(start, end), written)) && !isPlainWord(text, start, end))
      spans.push({ kind: kinds.get(key) ?? 'name', start, end, isHeld: true })
    // Of what is no name as a whole, a later word may be one: “ana Rose”.
    else pattern.lastIndex = index + 1
  }
  return spans
}
