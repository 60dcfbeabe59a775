import { expect, test } from 'vitest'
import { findModes } from './modes.ts'

const installed = new Set(['eng-spa', 'spa-eng', 'eng-cat', 'cat-eng', 'isl-eng'])

test.each([
  ['en', 'es', ['eng-spa']],
  ['ca', 'en', ['cat-eng']],
  ['es', 'ca', ['spa-eng', 'eng-cat']],
  ['is', 'es-MX', ['isl-eng', 'eng-spa']],
])('from %s to %s there is a way, by English where there is no straight one', (source, target, way) => {
  expect(findModes(source, target, installed)).toEqual(way)
})

test.each([
  ['a language that Apertium does not have', 'en', 'ja'],
  ['a direction that it does not have', 'en', 'is'],
  ['a pair that is not installed', 'mk', 'en'],
  ['a language into itself', 'es', 'es-MX'],
  ['a language that nobody named', 'auto', 'en'],
])('%s has none', (_, source, target) => {
  expect(findModes(source, target, installed)).toBeNull()
})
