import { expect, test } from 'vitest'
import { toLoggableFault } from './toLoggableFault.ts'

test('a fault is logged by names, codes and places; its words, which may quote a message, are left out', () => {
  const cause = Object.assign(new Error('Key (body)=(secret-word)\n    at secret-word (here.ts:1:1)'), { code: '23505' })
  const fault = new Error('insert … values (secret-word)', { cause })
  const logged = JSON.stringify(toLoggableFault(fault))
  expect(logged).not.toContain('secret-word')
  expect(logged).toContain('23505')
  expect(logged).toContain('toLoggableFault.test.ts')
})

test('no line of a message passes for a frame, also where a stack repeats the message or the message was changed', () => {
  const words = 'first line\n    at secret-word (here.ts:1:1)'
  const repeated = new Error(words)
  repeated.stack += `\n\nprevious ${repeated.stack}`
  const wrapped = new Error('ours', { cause: new Error(words) })
  wrapped.stack += `\n\nprevious ${words}\n    at somewhere`
  const changed = new Error(words)
  changed.message = 'changed'
  for (const fault of [repeated, wrapped, changed, new Error(`\n    at secret-word (here.ts:1:1)`)])
    expect(JSON.stringify(toLoggableFault(fault))).not.toContain('secret-word')
})

test('a name or a code that says more than a kind is not repeated, and what is no error is told by its kind', () => {
  const fault = Object.assign(new Error('x'), { name: 'secret-word and more', code: 'secret-word' })
  expect(JSON.stringify(toLoggableFault(fault))).not.toContain('secret-word')
  expect(toLoggableFault('secret-word')).toEqual([{ name: 'string', frames: [] }])
})
