import { expect, it } from 'vitest'
import { createRecentMap } from './createRecentMap.ts'

it('keeps what was used last and forgets the longest unused', () => {
  const map = createRecentMap<number>(2)
  map.set('one', 1)
  map.set('two', 2)
  expect(map.get('one')).toBe(1)
  map.set('three', 3)
  expect([map.get('one'), map.get('two'), map.get('three')]).toEqual([1, undefined, 3])
})

it('takes the newer value of a key, and loses what is deleted', () => {
  const map = createRecentMap<number>(2)
  map.set('one', 1)
  map.set('one', 2)
  expect(map.get('one')).toBe(2)
  map.delete('one')
  expect(map.get('one')).toBeUndefined()
})
