import { expect, test } from 'vitest'
import { createGuessLimit } from './limitGuesses.ts'

test('ten guesses within a minute are all there are, for whoever made them and nobody else', () => {
  const limit = createGuessLimit()
  for (let guess = 0; guess < 10; guess++) {
    expect(limit.waitSeconds('a', guess)).toBeNull()
    limit.failed('a', guess)
  }
  expect(limit.waitSeconds('a', 10)).toBe(60)
  expect(limit.waitSeconds('b', 10)).toBeNull()
  expect(limit.waitSeconds('a', 60_000)).toBeNull()
})

test('what is remembered is bounded, whatever is guessed at', () => {
  const limit = createGuessLimit()
  for (let guess = 0; guess < 10; guess++) limit.failed('first', 0)
  for (let key = 0; key < 10_000; key++) limit.failed(`other ${key}`, 1)
  expect(limit.waitSeconds('first', 2)).toBeNull()
})
