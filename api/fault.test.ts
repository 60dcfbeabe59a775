import { expect, test } from 'vitest'
import { isPassingFault } from './fault.ts'

test.each(['57014', '40001', '40P01', '55P03', '08006', '53300', '25P04', 'ECONNREFUSED', 'ECONNRESET'])('%s passes by itself', (code) => {
  expect(isPassingFault(new Error('x', { cause: Object.assign(new Error('y'), { code }) }))).toBe(true)
})

test.each(['23505', '42501', '42P01', '22P02', 'ERR_ASSERTION', ''])('%s is a fault of ours', (code) => {
  expect(isPassingFault(Object.assign(new Error('y'), { code }))).toBe(false)
})

test.each([
  'Connection terminated unexpectedly',
  'Client has encountered a connection error and is not queryable',
  'Client was closed and is not queryable',
])('a connection that is lost passes by itself: %s', (message) => {
  expect(isPassingFault(new Error('x', { cause: new Error(message) }))).toBe(true)
})

test('an error that causes itself ends', () => {
  const loop = new Error('x')
  loop.cause = loop
  expect(isPassingFault(loop)).toBe(false)
})

test.each([
  ['a timeout', { name: 'TimeoutError' }],
  ['throttling', { name: 'ThrottlingException', $metadata: { httpStatusCode: 400 } }],
  ['a store that is asked too much', { name: 'SlowDown', $metadata: { httpStatusCode: 503 } }],
  ['an internal error', { name: 'KMSInternalException', $metadata: { httpStatusCode: 500 } }],
  ['too many requests', { name: 'Unknown', $metadata: { httpStatusCode: 429 } }],
  ['what the SDK calls retryable', { name: 'Unknown', $retryable: {} }],
])('%s of the key service or the store passes by itself', (_, fields) => {
  expect(isPassingFault(new Error('x', { cause: Object.assign(new Error('y'), fields) }))).toBe(true)
})

test.each([
  ['a key that is refused', { name: 'AccessDeniedException', $metadata: { httpStatusCode: 400 } }],
  ['an object that is not there', { name: 'NoSuchKey', $metadata: { httpStatusCode: 404 } }],
])('%s is a fault of ours', (_, fields) => {
  expect(isPassingFault(Object.assign(new Error('y'), fields))).toBe(false)
})
