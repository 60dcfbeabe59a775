import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toE164 } from './toE164.ts'

test.each([
  ['+12025550143', '+12025550143'],
  ['(202) 555-0143', '+12025550143'],
  ['202.555.0143', '+12025550143'],
  ['1-202-555-0143', '+12025550143'],
  [' 202 555 0143 ', '+12025550143'],
  ['+1 (202) 555-0143', '+12025550143'],
])('a number as rosters write it is addressed as %s', (written, expected) => expect(toE164(written)).toBe(expected))

test.each([
  ['555-0143'],
  ['202-555-0143 x12'],
  ['202-555-0143, 202-555-0144'],
  ['202-555-CALL'],
  ['+1 555-0143'],
  ['+0 202 555 0143'],
  ['0202555014'],
  ['+52 55 1234 5678'],
  ['+2025550143'],
  ['٢٠٢٥٥٥٠١٤٣'],
  [''],
])('what is no one number, such as %s, is none', (written) => expect(toE164(written)).toBeNull())

test('whatever is answered is E.164 of our numbering plan, and stays as it is', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[+\d ().-]{0,20}$/)), (written) => {
      const found = toE164(written)
      if (found === null) return
      expect(found).toMatch(/^\+1[2-9]\d{2}[2-9]\d{6}$/)
      expect(toE164(found)).toBe(found)
    }),
  )
})
