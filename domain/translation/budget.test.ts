import { expect, it } from 'vitest'
import { toBudgetNews, toBudgetNotice } from './budget.ts'

it.each([
  [{ used: 79, budget: 100, isWarned: false }, null],
  [{ used: 80, budget: 100, isWarned: false }, 'nearly-used'],
  [{ used: 100, budget: 100, isWarned: false }, 'nearly-used'],
  [{ used: 100, budget: 100, isWarned: true }, null],
  [{ used: 1_000_000_000, budget: null, isWarned: false }, null],
])('warns once when four fifths of a budget are used: %o → %s', (usage, news) => {
  expect(toBudgetNews(usage)).toBe(news)
})

it('names the month, and what goes on without translations', () => {
  expect(toBudgetNotice('exhausted', '2031-09-01').text).toContain('2031-09')
  expect(toBudgetNotice('exhausted', '2031-09-01').text).toContain('everybody reads the originals')
  expect(toBudgetNotice('nearly-used', '2031-09-01').subject).toContain('nearly')
})
