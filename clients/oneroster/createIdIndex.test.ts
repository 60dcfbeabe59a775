import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createIdIndex } from './createIdIndex.ts'

describe('the index of ids', () => {
  test('knows what was added and nothing else, as a set would', () => {
    const ids = fc.array(fc.stringMatching(/^[0-9A-Za-z./@_-]{1,6}$/), { maxLength: 2_000 })
    fc.assert(
      fc.property(ids, ids, (added, asked) => {
        const index = createIdIndex()
        added.forEach((id) => index.add(id))
        const set = new Set(added)
        expect(index.count).toBe(set.size)
        expect([...added, ...asked].map((id) => index.has(id))).toEqual([...added, ...asked].map((id) => set.has(id)))
      }),
      { numRuns: 30 },
    )
  })

  test('takes no two of 400,000 ids that differ in a digit, in case or in leading zeros for one', () => {
    const index = createIdIndex()
    let seenBefore = 0
    for (let number = 0; number < 100_000; number += 1) {
      for (const id of [`u${number}`, `U${number}`, `u0${number}`, String(number).padStart(36, 'a')]) {
        if (index.has(id)) seenBefore += 1
        index.add(id)
      }
    }
    // `u01` is also the second form of 1; every such pair is the same id.
    const same = new Set(Array.from({ length: 100_000 }, (_, number) => [`u${number}`, `u0${number}`]).flat())
    expect({ seenBefore, count: index.count }).toEqual({ seenBefore: 200_000 - same.size, count: 200_000 + same.size })
  })
})
