import { eld } from 'eld/extrasmall'
import { francAll } from 'franc'
import { isSameLanguage, toTranslationLanguage } from '../../domain/translation/languages.ts'
import { isTraditionalChinese } from './isTraditionalChinese.ts'

/** What more of a text would say nothing more; bounds what hostile text costs. UTF-16 code units. */
const readMax = 400
/** Of an alphabet that many languages share, fewer letters say nothing; fewer still where it is not the alphabet of the author's language. */
const sharedLettersMin = { ofPrior: 12, ofOthers: 6 }
/** The second detector, which knows no words, needs more. */
const lackedLettersMin = 20
/** Below this, a detector that sees no other language sees this one badly too. */
const clearlyBetter = 0.8
/** As near to the best as this, the author's own language it is. */
const nearlyAsGood = 0.85

/** By ISO 639-3, which the second detector speaks: what the first one lacks and a school meets. */
const lackedEverywhere: Readonly<Record<string, string>> = { hat: 'ht', som: 'so', swh: 'sw', hau: 'ha' }
/** A letter that none of these is written with. Capitals begin names, which are written with any. */
const isForeignToLacked = (word: string): boolean => /^\p{Ll}/u.test(word) && /[^a-zàèòɓɗƙƴ'’]/iu.test(word)
/** What it lacks and what is too near to others to be looked for unless its author is known to write it. */
const lackedByPrior: Readonly<Record<string, string>> = {
  bs: 'bos',
  id: 'ind',
  mk: 'mkd',
  kk: 'kaz',
  af: 'afr',
  ps: 'pbu',
  mn: 'khk',
  uz: 'uzn',
  ...Object.fromEntries(Object.entries(lackedEverywhere).map(([long, code]) => [code, long])),
}
/** What neither knows. Their authors are taken to write them, unless the text is plainly English. */
const knownByNone: ReadonlySet<string> = new Set(['ga', 'mt', 'cy', 'si'])

const longNames: Readonly<Record<string, string>> = {
  en: 'eng',
  es: 'spa',
  pt: 'por',
  fr: 'fra',
  it: 'ita',
  de: 'deu',
  vi: 'vie',
  tl: 'tgl',
  pl: 'pol',
  nl: 'nld',
  ro: 'ron',
  tr: 'tur',
  ca: 'cat',
  sq: 'als',
  cs: 'ces',
  da: 'dan',
  hu: 'hun',
  fi: 'fin',
  hr: 'hrv',
  sv: 'swe',
  ms: 'zlm',
  az: 'azj',
  ru: 'rus',
  uk: 'ukr',
  bg: 'bul',
  sr: 'srp',
  ar: 'arb',
  fa: 'pes',
  ur: 'urd',
  is: 'isl',
  et: 'ekk',
  lt: 'lit',
  lv: 'lvs',
  sk: 'slk',
  sl: 'slv',
  no: 'nob',
}

/** Letters only: numbers, signs, pictures, addresses and links are no language. */
const toWords = (text: string): string =>
  text
    .slice(0, readMax)
    .split(/\s+/u)
    .filter((word) => !/@|:\/\/|^www\./u.test(word))
    .join(' ')
    .replaceAll(/[^\p{L}\p{M}'’]+/gu, ' ')
    .trim()

const sharedScripts = {
  Latn: /\p{Script=Latin}/gu,
  Cyrl: /\p{Script=Cyrillic}/gu,
  Arab: /\p{Script=Arabic}/gu,
  Deva: /\p{Script=Devanagari}/gu,
}

const count = (words: string, pattern: RegExp): number => words.match(pattern)?.length ?? 0

/** Whether there are so few letters, of alphabets that many languages share, that they say nothing. Two of an alphabet of its own are enough. */
const isTooShort = (words: string, prior: string): boolean => {
  const letters = count(words, /\p{L}/gu)
  const counts = Object.entries(sharedScripts).map(([script, pattern]) => ({ script, letters: count(words, pattern) }))
  const shared = counts.find((script) => 2 * script.letters >= letters)
  if (shared === undefined) return letters < 2
  return shared.letters < sharedLettersMin[new Intl.Locale(prior).maximize().script === shared.script ? 'ofPrior' : 'ofOthers']
}

/** Whether the writing alone nearly says which language it is. */
const isOfOwnScript = (found: string): boolean =>
  ['zh', 'ja', 'ko', 'he', 'el', 'hy', 'ka', 'am', 'th', 'gu', 'kn', 'ml', 'pa', 'ta', 'te'].includes(found)

/** How well the text fits each of a few languages, the best 1, by trigrams. */
const compare = (words: string, names: readonly string[]): ReadonlyMap<string, number> =>
  new Map(francAll(words, { minLength: 1, only: [...names] }).filter(([name]) => name !== 'und'))

/** The language that the first detector lacks and the text is in, if any. */
const findLacked = (words: string, found: string, prior: string | null): string | null => {
  const own = longNames[found]
  const priorName = prior === null ? undefined : lackedByPrior[prior]
  if (prior !== null && priorName !== undefined) {
    const scores = compare(words, own === undefined ? [priorName] : [priorName, own])
    const score = scores.get(priorName)
    return score !== undefined && score >= clearlyBetter ? prior : null
  }
  if (found === prior || count(words, sharedScripts.Latn) < lackedLettersMin) return null
  if (words.normalize('NFC').split(' ').some(isForeignToLacked)) return null
  const scores = compare(words, [...Object.keys(lackedEverywhere), ...(own === undefined ? [] : [own])])
  const [best] = [...scores.entries()].toSorted((one, other) => other[1] - one[1])
  const lacked = best === undefined ? undefined : lackedEverywhere[best[0]]
  return lacked !== undefined && (scores.get(own ?? '') ?? 0) < clearlyBetter ? lacked : null
}

const toVariant = (found: string, words: string, prior: string | null): string => {
  if (found === 'zh') return (isTraditionalChinese(words) ?? prior?.startsWith('zh-TW')) ? 'zh-TW' : 'zh'
  return prior !== null && isSameLanguage(found, prior) ? prior : found
}

const detect = (text: string, prior: string | null): string => {
  const fallback = prior ?? 'en'
  const words = toWords(text)
  if (isTooShort(words, fallback)) return fallback
  const result = eld.detect(words)
  const found = toTranslationLanguage(result.language)
  const lacked = findLacked(words, found ?? '', prior)
  if (lacked !== null) return lacked
  if (found === null || !(result.isReliable() || isOfOwnScript(found))) return fallback
  if (prior !== null && knownByNone.has(prior) && found !== 'en') return prior
  const scores = result.getScores()
  const priorScore = scores[prior?.split('-')[0] ?? ''] ?? 0
  if (priorScore >= nearlyAsGood * (scores[result.language] ?? 0))
    return toVariant(toTranslationLanguage(prior ?? '') ?? found, words, prior)
  return toVariant(found, words, prior)
}

/**
 * Finds the language of a text on this machine: no text leaves it to be looked at. `prior` is what its author is known to write (any language tag); it is the answer for what is too short, unsure, or no
 * words at all, and English where none is known. Answers a code of the provider's (`domain/translation/languages.ts`). Reads the first 400 characters. It is a guess; a wrong one makes
 * a bad translation, never a wrong reader.
 */
export const createLanguageDetector =
  () =>
  (text: string, prior: string | null): string =>
    detect(text, prior === null ? null : toTranslationLanguage(prior))
