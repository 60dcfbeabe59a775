import { expect, test } from 'vitest'
import { readOptOut } from './readOptOut.ts'

const policy = (services: object): string => JSON.stringify({ services })
const out = { opt_out_policy: 'optOut' }
const allowed = { opt_out_policy: 'optIn' }

test.each([
  ['all services are opted out of', policy({ default: out }), 'opted-out'],
  ['Amazon Translate is opted out of', policy({ translate: out }), 'opted-out'],
  ['it is, and others are not', policy({ default: allowed, translate: out, lex: allowed }), 'opted-out'],
  ['it is, in the form in which policies are written', policy({ default: { opt_out_policy: { '@@assign': 'optOut' } } }), 'opted-out'],
  ['all others are opted out of', policy({ default: out, translate: allowed }), 'allowed'],
  ['only others are opted out of', policy({ lex: out, rekognition: out }), 'allowed'],
  ['nothing is said', policy({}), 'allowed'],
  ['it is said in other letters, which AWS does not take', policy({ default: { opt_out_policy: 'optout' } }), 'unreadable'],
  ['the policy is something else', JSON.stringify({ tags: {} }), 'unreadable'],
  ['the policy is no JSON', '{', 'unreadable'],
  ['the policy is null', 'null', 'unreadable'],
])('when %s, texts are as safe as that', (_, content, answer) => {
  expect(readOptOut(content)).toBe(answer)
})
