import fc from 'fast-check'
import { expect, test } from 'vitest'
import { translationLanguages } from '../../domain/translation/languages.ts'
import { createLanguageDetector } from './detectLanguage.ts'

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
