import { expect, test } from 'vitest'
import { rejectHeader, toRejectLine } from './toRejectLine.ts'

const reject = {
  file: 'users',
  line: 7,
  column: 'agentSourcedIds',
  code: 'reference-unresolved',
  sourcedId: 'u1',
  reference: 'g1',
} as const

test('a reject is a line of CSV with a cell for each column of the header', () => {
  expect(toRejectLine(reject)).toBe(
    '"users.csv","7","agentSourcedIds","reference-unresolved","refers to an id that no line taken from this feed has","u1","g1"',
  )
  expect(rejectHeader.split(',')).toHaveLength(7)
})

test.each(['=1', '+1', '-1', '@SUM', '\t=1', '\r=1'])('an id is never a formula: %j', (id) => {
  expect(toRejectLine({ ...reject, sourcedId: id, reference: id }).endsWith(`,"'${id}","'${id}"`)).toBe(true)
})
