import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toTranslationLanguage, translationLanguages } from '../../domain/translation/languages.ts'
import { readLanguageName } from './readLanguageName.ts'

test.each([
  ['es', 'es'],
  ['ES', 'es'],
  ['es-mx', 'es-MX'],
  ['es_MX', 'es-MX'],
  ['zh-hant-tw', 'zh-Hant-TW'],
  ['spa', 'es'],
  ['SPA', 'es'],
  ['fre', 'fr'],
  ['fra', 'fr'],
  ['chi', 'zh'],
  ['hmn', 'hmn'],
  ['yue', 'yue'],
  ['iw', 'he'],
  ['Spanish', 'es'],
  [' SPANISH ', 'es'],
  ['Spanish; Castilian', 'es'],
  ['Castilian', 'es'],
  ['Mexican Spanish', 'es-MX'],
  ['Spanish (Mexico)', 'es-MX'],
  ['Haitian Creole', 'ht'],
  ['Panjabi', 'pa'],
  ['Punjabi', 'pa'],
  ['Tagalog', 'fil'],
  ['Vietnamese', 'vi'],
  ['Cantonese', 'yue'],
  ['Simplified Chinese', 'zh-Hans'],
  ['Chinese (Traditional)', 'zh-Hant'],
  ['Hmong', 'hmn'],
  ['ga', 'ga'],
  ['Lao', 'lo'],
  ['no', 'no'],
  ['Norwegian', 'no'],
  ['Sinhala', 'si'],
])('what a roster may write for a language is understood: %s', (written, tag) => {
  expect(readLanguageName(written)).toBe(tag)
})

test.each([
  '',
  '  ',
  'Klingonish',
  'sp',
  'xx',
  'Creole',
  'English, Spanish',
  'English; Spanish',
  'English/Spanish',
  'Multiple languages',
  'Undetermined',
  'und',
  'und-MX',
  'es-MX-u-nu-latn',
  'mul',
  'zxx',
  'qaa',
  'Ga',
  'NA',
  'N/A',
  'No',
  'NO',
  'Non',
  'None',
  'Si',
  'SI',
  '1',
  'constructor',
  '__proto__',
  ' '.repeat(101),
  `Spanish${'x'.repeat(100)}`,
])('what is no language, or could be two, is none: %j', (written) => {
  expect(readLanguageName(written)).toBeNull()
})

test('every language that texts are translated into is found by its code and by its English name', () => {
  const names = new Intl.DisplayNames('en', { type: 'language' })
  for (const code of translationLanguages) {
    expect([code, toTranslationLanguage(readLanguageName(code) ?? '')]).toEqual([code, code])
    const name = names.of(code) ?? ''
    expect([name, toTranslationLanguage(readLanguageName(name) ?? '')]).toEqual([name, code])
  }
})

test('whatever is written there, the answer is a tag in the form in which all write it, or none', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'grapheme' }), fc.stringMatching(/^[A-Za-z]{1,4}([-_;][A-Za-z0-9]{1,8}){0,3}$/)), (written) => {
      const tag = readLanguageName(written)
      const tags = tag === null ? [] : [tag]
      expect(Intl.getCanonicalLocales(tags)).toEqual(tags)
      expect(tags.map(readLanguageName)).toEqual(tags)
    }),
    { numRuns: 2_000 },
  )
})
