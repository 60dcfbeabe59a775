import { expect, it } from 'vitest'
import { toSpan } from './toSpan.ts'

it.each([
  [0, '0 s'],
  [59, '59 s'],
  [60, '1 m'],
  [7_500, '2 h 5 m'],
  [90_061, '1 d 1 h'],
  [-5, '0 s'],
])('says %d seconds as people do', (seconds, text) => {
  expect(toSpan(seconds)).toBe(text)
})
