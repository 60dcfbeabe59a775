import { describe, expect, it } from 'vitest'
import { decideScanPressure, scanPressureLimits } from './scanPressure.ts'

const { lateMin, waitingMax } = scanPressureLimits

describe('new uploads', () => {
  it.each([
    ['nothing waits', { waiting: 0, late: 0, endedLastMinute: 0 }],
    ['a school sends at once after a quiet night', { waiting: 1_000, late: 0, endedLastMinute: 0 }],
    ['a few files that nobody can scan wait for ever', { waiting: lateMin - 1, late: lateMin - 1, endedLastMinute: 0 }],
    ['many wait, and the queue moves', { waiting: 1_500, late: lateMin, endedLastMinute: 900 }],
  ])('are taken while %s', (_, load) => {
    expect(decideScanPressure(load)).toBeNull()
  })

  it.each([
    ['the engine is away', { waiting: lateMin, late: lateMin, endedLastMinute: 0 }],
    ['the queue is minutes deep', { waiting: 1_000, late: lateMin, endedLastMinute: 300 }],
    ['there are too many however fast they go', { waiting: waitingMax, late: 0, endedLastMinute: 6_000 }],
  ])('are turned away while %s, with a time to come back', (_, load) => {
    const seconds = decideScanPressure(load)
    expect(seconds).toBeGreaterThanOrEqual(15)
    expect(seconds).toBeLessThanOrEqual(300)
  })
})
