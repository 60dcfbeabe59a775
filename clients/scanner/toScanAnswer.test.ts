import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toEngineVersion, toScanAnswer } from './toScanAnswer.ts'

const engine = { engine: '1.4.6', databaseVersion: '27470' }
const result = (isInfected: boolean | null, resultString: string, viruses: string[] = []) => ({
  isInfected,
  resultString,
  viruses,
  timeout: false,
})
const clean = 'stream: OK\0'

const read = (...answer: [Parameters<typeof toScanAnswer>[0], string]) => {
  try {
    return toScanAnswer(...answer, engine).result
  } catch (error) {
    return error instanceof Error ? error.name : 'not an error'
  }
}

describe('a verdict', () => {
  test('is ok for exactly one answer', () => {
    expect(read(result(false, clean), clean)).toBe('ok')
  })
  test('is never ok for any other raw answer, whatever clamscan makes of it', () => {
    const pieces = fc.array(fc.constantFrom('stream: ', 'OK', '\0', '\n', ' FOUND', 'ERROR', 'Win.Test', ' ', 'x'), { maxLength: 8 })
    fc.assert(
      fc.property(pieces, fc.constantFrom(true, false, null), (parts, isInfected) => {
        const raw = parts.join('')
        fc.pre(raw !== clean)
        expect(read(result(isInfected, raw), raw)).not.toBe('ok')
        expect(read(result(isInfected, clean), raw)).not.toBe('ok')
      }),
      { numRuns: 2_000 },
    )
  })
  test('is never ok unless clamscan says so too', () => {
    for (const isInfected of [true, null]) expect(read(result(isInfected, clean), clean)).toBe('ScannerUnavailable')
  })
  test('is not read when clamscan and the raw answer name different signatures', () => {
    const raw = 'stream: Win.Test FOUND\0'
    expect(read(result(true, raw, ['Win.Test']), raw)).toBe('found')
    expect(read(result(true, raw, ['Win.Other']), raw)).toBe('ScannerUnavailable')
  })
})

describe('the version line', () => {
  test('of a daily database names its number and its day', () => {
    expect(toEngineVersion('ClamAV 1.4.6/27470/Mon Nov 16 09:00:00 2026')).toEqual({
      ...engine,
      databasePublishedAt: new Date('2026-11-16T09:00:00Z'),
    })
  })
  test('of a local database has none', () => {
    expect(toEngineVersion('ClamAV 1.4.6')).toEqual({ engine: '1.4.6', databaseVersion: 'local' })
  })
  test.each(['', 'PONG', 'ClamAV', 'ClamAV 1.4.6/x/', 'ClamAV 1.4.6\nClamAV 1'])('that says nothing of the kind is refused: %j', (line) => {
    expect(() => toEngineVersion(line)).toThrow('version')
  })
})
