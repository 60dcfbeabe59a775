import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { translationLanguages } from '../../domain/translation/languages.ts'
import { createLanguageDetector } from './detectLanguage.ts'
import { schoolSentences } from './schoolSentences.ts'

const detect = createLanguageDetector()

test.each([
  ['The field trip is on Friday and the form is attached.', 'en'],
  ['La excursión es el viernes y el formulario va adjunto.', 'es'],
  ['O passeio é na sexta-feira e o formulário está anexado.', 'pt'],
  ['Li pa t vini yè paske li te gen lafyèv.', 'ht'],
  ['Shalay wuu maqnaa sababtoo ah qandho ayuu qabay.', 'so'],
  ['Hôm qua em ấy nghỉ vì bị sốt.', 'vi'],
  ['Hindi makakapunta ang anak ko dahil may sakit siya', 'tl'],
  ['الرحلة يوم الجمعة والنموذج مرفق.', 'ar'],
  ['Екскурсія у п’ятницю, форма додається.', 'uk'],
  ['他昨天缺席，因为发烧了。', 'zh'],
  ['他昨天缺席，因為發燒了。', 'zh-TW'],
  ['내일 운동화를 가져오세요.', 'ko'],
])('%j is found whoever wrote it', (text, language) => {
  for (const prior of [null, 'en', language]) expect(detect(text, prior)).toBe(language)
})

test.each(['', 'OK!', '👍🏽👩‍👩‍👧', '3:30 pm', 'https://example.org/la-casa-de-la-escuela', 'gracias', '12/10 – 50 %'])(
  'too little to tell is in its author’s language, and in English where that is not known: %j',
  (text) => {
    expect(detect(text, 'es-MX')).toBe('es-MX')
    expect(detect(text, null)).toBe('en')
    expect(detect(text, 'hmn')).toBe('en')
  },
)

test('what an author writes in English is English, although they prefer another language', () => {
  for (const prior of ['es', 'so', 'ht', 'sw', 'zh', 'ar', 'cy'])
    expect(detect('The field trip is on Friday and the form is attached.', prior)).toBe('en')
})

test('a language that detectors take for its neighbour is the author’s own, and so is its variant', () => {
  expect(detect('Rapat orang tua murid akan diadakan pada hari Jumat di sekolah.', 'id')).toBe('id')
  expect(detect('La excursión es el viernes y el formulario va adjunto.', 'es-MX')).toBe('es-MX')
  expect(detect('Die skool is môre gesluit en daar is geen klasse nie.', 'af')).toBe('af')
})

const languages = Object.keys(schoolSentences)
const labelled = Object.entries(schoolSentences).flatMap(([language, texts]) => texts.map((text) => ({ language, text })))
/** Which part of these is found as `holds` has it, when their author is known to write `toPrior`. */
const shareOf = (
  sentences: typeof labelled,
  toPrior: (language: string) => string | null,
  holds: (found: string, language: string) => boolean = (found, language) => found === language,
): number => sentences.filter(({ language, text }) => holds(detect(text, toPrior(language)), language)).length / sentences.length

describe(`of ${labelled.length} short sentences of schools in ${languages.length} languages`, () => {
  test('nearly all are in the language that they are in when it is their author’s, and when nobody knows what their author writes', () => {
    expect(shareOf(labelled, (language) => language)).toBeGreaterThanOrEqual(0.99)
    expect(shareOf(labelled, () => null)).toBeGreaterThanOrEqual(0.965)
  })

  test.each(languages)(
    'most are found although their author is known to write %s, and the rest are taken for that, hardly ever for a third',
    (prior) => {
      const others = labelled.filter(({ language }) => language !== prior)
      expect(shareOf(others, () => prior)).toBeGreaterThanOrEqual(0.87)
      expect(
        shareOf(
          others,
          () => prior,
          (found, language) => found === language || found === prior,
        ),
      ).toBeGreaterThanOrEqual(0.975)
    },
  )

  test('two words of each, which say too little, are in their author’s language', () => {
    const beginnings = labelled.map(({ language, text }) => ({ language, text: text.split(' ').slice(0, 2).join(' ') }))
    expect(shareOf(beginnings, (language) => language)).toBeGreaterThanOrEqual(0.99)
  })
})

test('letters that a language has not are in another one, though a name may have any', () => {
  expect(detect('Merci de m’avoir rappelé si vite.', 'en')).toBe('fr')
  expect(detect('Bài kiểm tra toán dời sang tuần sau.', 'en')).toBe('vi')
  expect(detect('Li pa t vini yè paske Zoë ak José te gen lafyèv.', 'en')).toBe('ht')
})

test('the answer is a language of the provider, for whatever text and whatever tag', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 2000 }),
      fc.oneof(fc.constant(null), fc.string(), fc.constantFrom(...translationLanguages)),
      (text, prior) => {
        expect(translationLanguages).toContain(detect(text, prior))
      },
    ),
  )
})
