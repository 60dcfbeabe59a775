import { expect, test } from 'vitest'
import { describeRun } from './describeRun.ts'

const ids = { districtId: 'd-1', attachmentId: 'a-1' }

test('a run says in one line what it works on, and which attempt it is when there were others', () => {
  expect(describeRun({ type: 'scanAttachment', ...ids, input: { attempt: 1 } }).summary).toBe('scan attachment a-1')
  expect(describeRun({ type: 'scanAttachment', ...ids, input: { attempt: 3 } }).summary).toBe('scan attachment a-1, attempt 3')
})

test('and in its details what it is for, whose it is and where on-call goes on', () => {
  const { details } = describeRun({ type: 'removeAttachment', ...ids, input: { attempt: 1 } })
  expect(details).toMatch(/Removes.*`d-1`.*`a-1`.*npm run oncall -- scans show a-1/s)
})
