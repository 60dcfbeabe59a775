import { expect, test } from 'vitest'
import { brakeDefaults, isHeld } from './brake.ts'

test('a district that says nothing else holds what is over 10 % of a kind of row and at least 25', () => {
  expect(brakeDefaults).toEqual({ percent: 10, rows: 25 })
})

test.each([
  [250, 25, false],
  [250, 26, true],
  [249, 25, true],
  [24, 24, false],
  [25, 25, true],
  [1_000_000, 100_000, false],
  [1_000_000, 100_001, true],
])('of %i rows %i may not go without a word: %s', (active, removed, held) => {
  expect(isHeld({ active, removed }, brakeDefaults)).toBe(held)
})

test('the strictest brake holds every removal, and never a feed that removes nothing', () => {
  const strictest = { percent: 0, rows: 0 }
  expect(isHeld({ active: 1_000_000, removed: 1 }, strictest)).toBe(true)
  expect(isHeld({ active: 0, removed: 0 }, strictest)).toBe(false)
})
