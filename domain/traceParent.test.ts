import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseTraceParent, toRunPlace, toTraceParent } from './traceParent.ts'

const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length - 1}}[1-9a-f]$`))
const place = fc.record({ traceId: hex(32), spanId: hex(16), isSampled: fc.boolean() })

test('a place that is written is read back, and nothing else is a place', () => {
  fc.assert(
    fc.property(place, (given) => {
      expect(parseTraceParent(toTraceParent(given))).toEqual(given)
    }),
  )
  fc.assert(
    fc.property(fc.anything(), fc.string(), (value, text) => {
      expect(parseTraceParent(value)).toBeNull()
      expect(parseTraceParent(text)).toBeNull()
    }),
  )
  const zeros = `00-${'0'.repeat(32)}-${'1'.repeat(16)}-01`
  expect([zeros, `00-${'1'.repeat(32)}-${'0'.repeat(16)}-01`, `01-${'1'.repeat(32)}-${'1'.repeat(16)}-01`].map(parseTraceParent)).toEqual([
    null,
    null,
    null,
  ])
})

test('a run names the same span whenever it is asked, in the trace that led to it or in its own', () => {
  fc.assert(
    fc.property(fc.uuid({ version: [4, 7] }), fc.option(place), (runId, parent) => {
      const run = toRunPlace(runId, parent)
      expect(toRunPlace(runId, parent)).toEqual(run)
      expect(run.traceId).toBe(parent?.traceId ?? runId.replaceAll('-', ''))
      expect(parseTraceParent(toTraceParent(run))).toEqual(run)
    }),
  )
})
