import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkLanguage, type LanguageLists } from './checkLanguage.ts'

const lists: LanguageLists = {
  findProfanity: (text) => [...text.matchAll(/darn/g)].map(({ index }) => ({ start: index, end: index + 4 })),
  districtWords: ['fiddlesticks', 'so   much', 'ñoño'],
}
const cut = (text: string) => checkLanguage(text, lists).map(({ why, start, end }) => [why, text.slice(start, end)])

test('says what and why, where it was written', () => {
  expect(cut('Oh DARN it, fiddlesticks!')).toEqual([
    ['profanity', 'DARN'],
    ['district-word', 'fiddlesticks'],
  ])
})

test.each([
  ['d a r n', 'd a r n'],
  ['d.a.r.n', 'd.a.r.n'],
  ['d\u200Ba\u00ADrn', 'd\u200Ba\u00ADrn'],
  ['d4rn', 'd4rn'],
  ['dаrn', 'dаrn'],
  ['ＤＡＲＮ', 'ＤＡＲＮ'],
  ['undarned', 'undarned'],
  ['that is so\n much', 'so\n much'],
  ['NONO', 'NONO'],
])('%j is found', (text, found) => {
  expect(cut(text).map(([, part]) => part)).toEqual([found])
})

test.each(['fiddlesticksy', 'sofiddlesticks', 'so', 'also much more'])('a district’s word is a whole word: not in %j', (text) => {
  expect(cut(text)).toEqual([])
})

test.each(['f*ck', 'sh*t', 'f***', 'b**ch', 'a**hole'])('%s hides nothing', (text) => {
  expect(cut(`oh ${text} you`)).toHaveLength(1)
})

test.each(['a*b*c', 'f*k = 3', 's**2 + t**2', 'if (a && b)', '*starred*', 'f_k'])('%j is algebra or code', (text) => {
  expect(cut(text)).toEqual([])
})

test('findings are in order, inside of the text, and never overlap, whatever the text', () => {
  const part = fc.oneof(
    fc.constantFrom('darn', 'd a r n', 'fiddlesticks', 'so much', ' ', '\u200B'),
    fc.string({ unit: 'grapheme', maxLength: 8 }),
  )
  fc.assert(
    fc.property(
      fc.array(part, { maxLength: 12 }).map((parts) => parts.join('')),
      (text) => {
        let last = 0
        for (const { start, end } of checkLanguage(text, lists)) {
          expect(start).toBeGreaterThanOrEqual(last)
          expect(end).toBeGreaterThan(start)
          expect(end).toBeLessThanOrEqual(text.length)
          last = end
        }
      },
    ),
  )
})
