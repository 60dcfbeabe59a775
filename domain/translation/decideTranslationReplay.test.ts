import { expect, it } from 'vitest'
import { decideTranslationReplay } from './decideTranslationReplay.ts'

it.each([
  ['failed', 'closed', false, 'replay'],
  ['failed', 'unknown', false, 'replay'],
  ['pending', 'open', false, 'leave'],
  ['pending', 'unknown', false, 'wait'],
  ['pending', 'none', true, 'start'],
  ['pending', 'none', false, 'replay'],
  ['pending', 'closed', false, 'replay'],
  ['done', 'closed', false, 'leave'],
  ['cancelled', 'closed', false, 'leave'],
] as const)('a translation that is %s, with a run that is %s, and a start that waits: %s → %s', (state, run, isStartWaiting, decision) => {
  expect(decideTranslationReplay({ state, run, isStartWaiting })).toBe(decision)
})
