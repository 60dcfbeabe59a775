import { describe, expect, test } from 'vitest'
import { decidePromotion } from './decidePromotion.ts'

describe('a worker that has begun to poll', () => {
  test.each([
    ['makes its version current when there is none', { current: null, wasCurrent: false, isCurrentServed: false }, 'promote'],
    ['makes a new version current', { current: 'old', wasCurrent: false, isCurrentServed: true }, 'promote'],
    ['leaves its version current', { current: 'own', wasCurrent: true, isCurrentServed: true }, 'stay'],
    ['does not bring back a version that was replaced', { current: 'new', wasCurrent: true, isCurrentServed: true }, 'stay'],
    ['brings back a version when nobody serves what replaced it', { current: 'new', wasCurrent: true, isCurrentServed: false }, 'promote'],
  ] as const)('%s', (_, facts, decision) => {
    expect(decidePromotion({ own: 'own', ...facts })).toBe(decision)
  })
})
