import { expect, test } from 'vitest'
import { readCustody } from './custody.ts'

const source = { column: 'metadata.custody', permitted: ['yes', 'joint', 'both'], denied: ['no', 'both', ''] } as const

test.each([
  ['yes', 'permitted'],
  [' JOINT ', 'permitted'],
  ['no', 'denied'],
  ['both', 'denied'],
  ['', 'unknown'],
  ['yes, but', 'unknown'],
  ['permitted', 'unknown'],
] as const)('only a word that the district named permits: "%s" is %s', (value, custody) => {
  expect(readCustody(value, source)).toBe(custody)
})

test('a district that names no column has unknown custody throughout, whatever a feed says', () => {
  expect(readCustody('yes', null)).toBe('unknown')
})
