import fc from 'fast-check'
import { expect, test } from 'vitest'
import { foldText, joinSpelled, toOriginal } from './foldText.ts'

test.each([
  ['Hello', 'hello'],
  ['ＦＵＬＬ wídth', 'full width'],
  ['k\u200Bi\u00ADl\u2060l', 'kill'],
  ['sсhооl', 'school'],
  ['школа сегодня', 'школа сегодня'],
  ['h4te', 'hate'],
  ['5 x 3 = 15', '5 x 3 = 15'],
  ['you!', 'you!'],
  ['b!tter', 'bitter'],
  ['don’t', "don't"],
  ['room 101', 'room 101'],
])('%j is read as %j', (text, folded) => {
  expect(foldText(text).text).toBe(folded)
})

test.each([
  ['w o r d', 'word'],
  ['w.o.r.d', 'word'],
  ['say w - o - r - d now', 'say word now'],
  ['a b', 'a b'],
  ['I am', 'i am'],
])('%j, spelled, is read as %j', (text, joined) => {
  expect(joinSpelled(foldText(text)).text).toBe(joined)
})

test('whatever the text, each part of the folded one stands somewhere in it, in order', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
      for (const folded of [foldText(text), joinSpelled(foldText(text))]) {
        expect(folded.places).toHaveLength(folded.text.length)
        let last = 0
        for (const place of folded.places) {
          expect(place.start).toBeGreaterThanOrEqual(last)
          expect(place.end).toBeGreaterThan(place.start)
          expect(place.end).toBeLessThanOrEqual(text.length)
          last = place.start
        }
      }
    }),
  )
})

test('a finding is shown where it was written', () => {
  const text = 'oh ｗ\u200Bｏ ｒ ｄ!'
  const joined = joinSpelled(foldText('oh w.\u200Bo.r.d!'))
  const start = joined.text.indexOf('word')
  expect(toOriginal(joined, { start, end: start + 4 })).toEqual({ start: 3, end: 11 })
  expect(foldText(text).text).toBe('oh wo r d!')
})
