import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isOlderDatabase } from './isOlderDatabase.ts'
import { toRescanPause } from './toRescanPause.ts'

describe('a round of re-scans', () => {
  it('never reads more than its budget, whatever the files are and however fast the engine is', () => {
    const files = fc.array(fc.integer({ min: 1, max: 99_614_720 }), { minLength: 1, maxLength: 50 })
    fc.assert(
      fc.property(files, fc.integer({ min: 1, max: 1_000_000_000 }), (bytes, bytesPerSecond) => {
        const restedMs = bytes.reduce((sum, one) => sum + toRescanPause(one, bytesPerSecond), 0)
        const readBytes = bytes.reduce((sum, one) => sum + one, 0)
        expect((restedMs / 1_000) * bytesPerSecond).toBeGreaterThanOrEqual(readBytes * (1 - 1e-9))
      }),
    )
  })
})

describe('a database', () => {
  it.each([
    ['27470', '27471', true],
    ['27471', '27471', false],
    ['27472', '27471', false],
    ['9999', '10000', true],
    ['local', '27471', true],
    ['27471', 'local', true],
    ['local', 'local', false],
    [null, '27471', true],
  ] as const)('%s is older than %s: %s', (version, than, expected) => {
    expect(isOlderDatabase(version, than)).toBe(expected)
  })
})
