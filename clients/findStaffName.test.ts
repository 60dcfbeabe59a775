import { expect, test } from 'vitest'
import { findStaffName } from './findStaffName.ts'

test('whoever acts under another account by sudo is named too', () => {
  expect(findStaffName({}, 'ada')).toBe('ada')
  expect(findStaffName({ SUDO_USER: 'ada' }, 'root')).toBe('ada as root')
  for (const SUDO_USER of ['root', '', 'a b', 'x'.repeat(65)]) expect(findStaffName({ SUDO_USER }, 'root')).toBe('root')
})
