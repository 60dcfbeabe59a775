import { expect, test } from 'vitest'
import { toGrantedScopes } from './apiClients.ts'

test('a token gets what was asked for and held, everything when nothing was asked for, and nothing when one word is not held', () => {
  expect(toGrantedScopes(['roster.read', 'roster.write'], undefined)).toEqual(['roster.read', 'roster.write'])
  expect(toGrantedScopes(['roster.read', 'roster.write'], ' roster.write  roster.write')).toEqual(['roster.write'])
  expect(toGrantedScopes(['roster.read'], 'roster.read roster.write')).toBeNull()
  expect(toGrantedScopes(['roster.read'], 'ROSTER.READ')).toBeNull()
})
