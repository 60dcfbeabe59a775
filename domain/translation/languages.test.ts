import { expect, test } from 'vitest'
import { hasFormality, isSameLanguage, toTextDirection, toTranslationLanguage, translationLanguages } from './languages.ts'

test('every language of the provider is found by its own code, once', () => {
  expect(translationLanguages).toHaveLength(75)
  expect(new Set(translationLanguages).size).toBe(75)
  for (const code of translationLanguages) expect(toTranslationLanguage(code)).toBe(code)
})

test.each([
  ['en-GB', 'en'],
  ['EN_us', 'en'],
  ['es', 'es'],
  ['es-ES', 'es'],
  ['es-US', 'es-MX'],
  ['es-419', 'es-MX'],
  ['es-mx', 'es-MX'],
  ['pt-BR', 'pt'],
  ['pt-AO', 'pt-PT'],
  ['fr-CA', 'fr-CA'],
  ['fr-HT', 'fr'],
  ['zh-Hant', 'zh-TW'],
  ['zh-HK', 'zh-TW'],
  ['zh-Hans-SG', 'zh'],
  ['iw', 'he'],
  ['in', 'id'],
  ['mo', 'ro'],
  ['fil-PH', 'tl'],
  ['nb', 'no'],
  ['nn-NO', 'no'],
  ['fa-AF', 'fa-AF'],
  ['prs', 'fa-AF'],
  ['sr-Cyrl-RS', 'sr'],
])('the tag %s is the provider’s %s', (tag, code) => {
  expect(toTranslationLanguage(tag)).toBe(code)
})

test.each(['', 'x', 'auto', 'yue', 'hmn', 'sr-Latn', 'pa-Arab', 'es-', '__proto__', 'constructor', 'xx', 'und', '🙂'])(
  'what the provider does not have is null and no other language: %j',
  (tag) => {
    expect(toTranslationLanguage(tag)).toBeNull()
  },
)

test('a reader needs no translation between variants of one language, but between scripts', () => {
  expect(isSameLanguage('es', 'es-MX')).toBe(true)
  expect(isSameLanguage('en-GB', 'en')).toBe(true)
  expect(isSameLanguage('fa', 'fa-AF')).toBe(true)
  expect(isSameLanguage('zh', 'zh-TW')).toBe(false)
  expect(isSameLanguage('ca', 'es')).toBe(false)
  expect(isSameLanguage('hmn', 'en')).toBe(false)
})

test('formality and direction are those of the language', () => {
  expect([hasFormality('es-MX'), hasFormality('pt'), hasFormality('en')]).toEqual([true, false, false])
  expect([toTextDirection('ur'), toTextDirection('zh-TW')]).toEqual(['rtl', 'ltr'])
})
