import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseRange } from './parseRange.ts'

test.each([
  [undefined, 'whole'],
  ['bytes=0-9', { first: 0, last: 9 }],
  ['bytes=90-', { first: 90, last: 99 }],
  ['bytes=-10', { first: 90, last: 99 }],
  ['bytes=-1000', { first: 0, last: 99 }],
  ['bytes=50-1000', { first: 50, last: 99 }],
  ['bytes=100-', 'unsatisfiable'],
  ['bytes=100-200', 'unsatisfiable'],
  ['bytes=0-1,5-6', 'whole'],
  ['bytes=', 'whole'],
  ['lines=0-9', 'whole'],
  ['nonsense', 'whole'],
] as const)('%s of 100 bytes is %j', (header, expected) => {
  expect(parseRange(header, 100)).toEqual(expected)
})

test('whatever a client sends, a range lies inside the file', () => {
  fc.assert(
    fc.property(
      fc.string().map((text) => `bytes=${text}`),
      fc.integer({ min: 1, max: 1_000 }),
      (header, bytes) => {
        const range = parseRange(header, bytes)
        return typeof range === 'string' || (range.first >= 0 && range.first <= range.last && range.last < bytes)
      },
    ),
  )
  fc.assert(
    fc.property(fc.integer({ min: -5, max: 2_000 }), fc.integer({ min: -5, max: 2_000 }), (first, last) => {
      const range = parseRange(`bytes=${first}-${last}`, 1_000)
      return typeof range === 'string' || (range.first >= 0 && range.first <= range.last && range.last < 1_000)
    }),
  )
})
