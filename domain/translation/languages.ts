/**
 * The languages of Amazon Translate, by the codes that it takes: every other component names a language by one of these.
 * https://docs.aws.amazon.com/translate/latest/dg/what-is-languages.html
 */
export const translationLanguages: readonly string[] = (
  'af sq am ar hy az bn bs bg ca zh zh-TW hr cs da fa-AF nl en et fa tl fi fr fr-CA ka de el gu ht ha he hi hu is id ga it ja ' +
  'kn kk ko lv lt mk ms ml mt mr mn no ps pl pt pt-PT pa ro ru sr si sk sl so es es-MX sw sv ta te th tr uk ur uz vi cy'
).split(' ')

const offered: ReadonlySet<string> = new Set(translationLanguages)

/** https://docs.aws.amazon.com/translate/latest/dg/customizing-translations-formality.html */
const formalLanguages: ReadonlySet<string> = new Set(['nl', 'fr', 'fr-CA', 'de', 'hi', 'it', 'ja', 'ko', 'pt-PT', 'es', 'es-MX'])

/** What is the same language by another name, once `Intl` has replaced what is out of use (`iw`, `in`, `mo`). The provider has one Norwegian, written as Bokmål. */
const otherNames: Readonly<Record<string, string>> = {
  fil: 'tl',
  nb: 'no',
  nn: 'no',
  prs: 'fa-AF',
  cmn: 'zh',
  arb: 'ar',
  pes: 'fa',
  zsm: 'ms',
  swh: 'sw',
  lvs: 'lv',
  ekk: 'et',
  npi: 'ne',
}

/** Spanish of Spain and of Equatorial Guinea, and Spanish of no place, are the provider's `es`; that of the rest of the Americas is nearer to its `es-MX`. */
const europeanSpanish: ReadonlySet<string> = new Set(['ES', 'GQ', 'EA', 'IC', 'PH'])
/** Countries whose Portuguese follows that of Portugal. The provider's `pt` is that of Brazil. */
const europeanPortuguese: ReadonlySet<string> = new Set(['PT', 'AO', 'MZ', 'CV', 'GW', 'ST', 'TL', 'MO', 'CH', 'LU', 'GQ'])

/** The provider has these languages in one script only; what is written in another one, nobody who reads only that could read. */
const scripts: Readonly<Record<string, string>> = {
  sr: 'Cyrl',
  uz: 'Latn',
  az: 'Latn',
  kk: 'Cyrl',
  mn: 'Cyrl',
  pa: 'Guru',
  bs: 'Latn',
  ms: 'Latn',
  ha: 'Latn',
}

const toVariant = (language: string, locale: Intl.Locale): string => {
  const { region, script } = locale
  if (language === 'zh') return (script ?? locale.maximize().script) === 'Hant' ? 'zh-TW' : 'zh'
  if (language === 'es') return region === undefined || europeanSpanish.has(region) ? 'es' : 'es-MX'
  if (language === 'pt') return europeanPortuguese.has(region ?? '') ? 'pt-PT' : 'pt'
  if (language === 'fr') return region === 'CA' ? 'fr-CA' : 'fr'
  if (language === 'fa') return region === 'AF' ? 'fa-AF' : 'fa'
  return language
}

/**
 * The provider's code for a language tag (BCP 47), as a roster or a person gives it: `en-GB` → `en`, `zh-Hant` → `zh-TW`, `es-US` → `es-MX`. Null for what is no tag and for what
 * the provider does not have, also in that script; the caller falls back, it never guesses another language.
 */
export const toTranslationLanguage = (tag: string): string | null => {
  try {
    const locale = new Intl.Locale(tag.trim().replaceAll('_', '-'))
    const language = otherNames[locale.language] ?? locale.language
    if (locale.script !== undefined && scripts[language] !== undefined && scripts[language] !== locale.script) return null
    const code = toVariant(language, locale)
    return offered.has(code) ? code : null
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

/** Whether a reader of the one needs no translation from the other: `es-MX` and `es` are one language to a reader, `zh` and `zh-TW` two scripts. */
export const isSameLanguage = (one: string, other: string): boolean => {
  const [first, second] = [toTranslationLanguage(one), toTranslationLanguage(other)]
  if (first === null || second === null) return one === other
  if (first === 'zh-TW' || second === 'zh-TW') return first === second
  return first.split('-')[0] === second.split('-')[0]
}

/** The codes that are one language to a reader of this one, itself among them: between these nothing is translated. */
export const sameLanguagesAs = (code: string): string[] => translationLanguages.filter((one) => isSameLanguage(one, code))

/** Whether the provider can be told how formal to be in this language of a translation. */
export const hasFormality = (code: string): boolean => formalLanguages.has(code)

const rightToLeft: ReadonlySet<string> = new Set(['ar', 'fa', 'fa-AF', 'he', 'ps', 'ur'])

/** Which way a translation into the language is shown. */
export const toTextDirection = (code: string): 'ltr' | 'rtl' => (rightToLeft.has(code) ? 'rtl' : 'ltr')
