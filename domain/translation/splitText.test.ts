import fc from 'fast-check'
import { expect, test } from 'vitest'
import { countCharacters } from './countCharacters.ts'
import { countBytes, splitText } from './splitText.ts'

const unit = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('One. Two! ', '¿Qué? ', '好。', '👩‍👩‍👧', 'a\u0301\u0302', '\n', 'word '),
)
const texts = fc.array(unit, { maxLength: 40 }).map((parts) => parts.join(''))

test('parts fit, none is empty, and joined they are the text', () => {
  fc.assert(
    fc.property(texts, fc.integer({ min: 4, max: 60 }), fc.constantFrom('en', 'zh-TW', 'fa-AF', 'th'), (text, bytesMax, locale) => {
      const parts = splitText(text, locale, bytesMax)
      expect(parts.join('')).toBe(text)
      for (const part of parts) {
        expect(part).not.toBe('')
        expect(Buffer.byteLength(part)).toBeLessThanOrEqual(bytesMax)
      }
    }),
  )
})

test('sentences stay whole while they fit, then words, then what a reader sees as one sign', () => {
  expect(splitText('One two. Three four. Five.', 'en', 20)).toEqual(['One two. ', 'Three four. Five.'])
  expect(splitText('One two three', 'en', 8)).toEqual(['One two ', 'three'])
  expect(splitText('👩‍👩‍👧👩‍👩‍👧', 'en', 20)).toEqual(['👩‍👩‍👧', '👩‍👩‍👧'])
})

test('one sign that is longer than a request is parted between its characters, and no character is', () => {
  const sign = `a${'\u0301'.repeat(50)}`
  const parts = splitText(sign, 'en', 10)
  expect(parts.join('')).toBe(sign)
  expect(parts.every((part) => Buffer.byteLength(part) <= 10)).toBe(true)
})

test('bytes are those of UTF-8, and characters those of Unicode', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(countBytes(text)).toBe(Buffer.byteLength(text))
    }),
  )
  expect(countCharacters('aé👩‍👩‍👧')).toBe(7)
})
