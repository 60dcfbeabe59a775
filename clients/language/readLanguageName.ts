import { iso6392 } from 'iso-639-2'
import { toLanguageTag } from '../../domain/toLanguageTag.ts'
import { translationLanguages } from '../../domain/translation/languages.ts'

/** Longer than any name or tag of a language. */
const charactersMax = 100

/** What ISO 639-2 has codes for and what is no language of anybody's: several, none, one that is not known, and signs that belong to no country. */
const ofNobody: ReadonlySet<string> = new Set(['mul', 'zxx', 'und', 'mis', 'sgn'])

/** Codes that a form rather means as an answer (not available, no, none, yes) when they are not written as tags are, in small letters. */
const answers: ReadonlySet<string> = new Set(['na', 'no', 'non', 'si'])

/** Of which Unicode has English names of their own, beside those of ISO 639-2. */
const alsoNamed: readonly string[] = [...translationLanguages, 'pt-BR', 'en-US', 'zh-Hans', 'zh-Hant', 'yue']

type Names = { codes: ReadonlySet<string>; tagOf: ReadonlyMap<string, string | null>; display: Intl.DisplayNames }

const toKey = (name: string): string => name.trim().toLowerCase()

const toTag = (code: string): string => new Intl.Locale(code).baseName

/** Every English name that ISO 639-2 and Unicode have, in small letters; null for one that two languages have. */
const gatherNames = (): Names => {
  const tagOf = new Map<string, string | null>()
  const add = (name: string | undefined, tag: string): void => {
    if (name === undefined) return
    const known = tagOf.get(toKey(name))
    tagOf.set(toKey(name), known === undefined || known === tag ? tag : null)
  }
  const displays = (['dialect', 'standard'] as const).map(
    (languageDisplay) => new Intl.DisplayNames('en', { type: 'language', fallback: 'none', languageDisplay }),
  )
  const codes = new Set<string>()
  for (const { name, iso6391, iso6392B, iso6392T } of iso6392) {
    if (iso6392B.length !== 3 || ofNobody.has(iso6392B)) continue
    for (const code of [iso6391, iso6392B, iso6392T]) if (code !== undefined) codes.add(code)
    const tag = toTag(iso6391 ?? iso6392T ?? iso6392B)
    for (const one of [name, ...name.split(';')]) add(one, tag)
    for (const display of displays) add(display.of(tag), tag)
  }
  for (const code of alsoNamed) for (const display of displays) add(display.of(code), toTag(code))
  const [display = new Intl.DisplayNames('en', { type: 'language' })] = displays
  return { codes, tagOf, display }
}

let gathered: Names | null = null
const getNames = (): Names => (gathered ??= gatherNames())

/** What is written as a tag or a code, if its language is one. */
const readTag = (word: string, { codes, display }: Names): string | null => {
  const tag = toLanguageTag(word.replaceAll('_', '-'))
  if (tag === null) return null
  const { baseName, language } = new Intl.Locale(tag)
  const written = word.split(/[-_]/)[0]?.toLowerCase() ?? ''
  // Of the one that is not known (`und`) there is no language.
  if (ofNobody.has(written) || language === '' || language === undefined) return null
  return codes.has(written) || display.of(language) !== undefined ? baseName : null
}

/** As ISO 639-2 joins the names of one language: `Spanish; Castilian`. */
const readNames = (word: string, { tagOf }: Names): string | null => {
  const whole = tagOf.get(toKey(word))
  if (whole !== undefined) return whole
  const tags = new Set(word.split(';').flatMap((name) => tagOf.get(toKey(name)) ?? []))
  return tags.size === 1 ? ([...tags][0] ?? null) : null
}

/**
 * The tag (BCP 47) of the language that a roster names by a tag (`es-MX`), a code of ISO 639-1 or 639-2 (`es`, `spa`, `fre`) or its English name (`Spanish`, `Haitian; Haitian Creole`),
 * in any case. Null for what is none, and for what could be more than one, or an answer: `Ga` is a language of Ghana, and `GA` might be the code of Irish, but `ga` is its tag; `No` is none.
 */
export const readLanguageName = (text: string): string | null => {
  const word = text.trim()
  if (word === '' || word.length > charactersMax) return null
  const small = word.toLowerCase()
  if (word !== small && answers.has(small)) return null
  const names = getNames()
  const tag = readTag(word, names)
  const named = readNames(word, names)
  if (tag === null || named === null || tag === named) return tag ?? named
  return /^[a-z]{2,3}$/.test(word) ? tag : null
}
