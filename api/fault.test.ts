import { expect, test } from 'vitest'
import { isPassingFault, toLoggableFault } from './fault.ts'

test('a fault is logged by names, codes and places; its words, which may quote a message, are left out', () => {
  const cause = Object.assign(new Error('Key (body)=(secret-word)\n    at secret-word (here.ts:1:1)'), { code: '23505' })
  const fault = new Error('insert … values (secret-word)', { cause })
  const logged = JSON.stringify(toLoggableFault(fault))
  expect(logged).not.toContain('secret-word')
  expect(logged).toContain('23505')
  expect(logged).toContain('fault.test.ts')
})

test.each(['57014', '40001', '40P01', '55P03', '08006', '53300', 'ECONNREFUSED', 'ECONNRESET'])('%s passes by itself', (code) => {
  expect(isPassingFault(new Error('x', { cause: Object.assign(new Error('y'), { code }) }))).toBe(true)
})

test.each(['23505', '42501', '42P01', '22P02', 'ERR_ASSERTION', ''])('%s is a fault of ours', (code) => {
  expect(isPassingFault(Object.assign(new Error('y'), { code }))).toBe(false)
})

test('an error that causes itself ends', () => {
  const loop = new Error('x')
  loop.cause = loop
  expect(isPassingFault(loop)).toBe(false)
})
