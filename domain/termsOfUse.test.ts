import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { findTermsFault, termsCharactersMax } from './termsOfUse.ts'

test.each<[string, string, string | null]>([
  ['a heading and words', '# Terms\n\n## User contributions\n\nYou keep your rights.', null],
  ['a plain line', 'Terms\n\nUser contributions\nYou keep your rights.', null],
  ['a line with a rule under it, as other systems end lines', 'User Contributions\r\n---\r\nYou keep your rights.\r\n', null],
  ['a numbered title', '3. user contributions\nYou keep your rights.', null],
  ['a closed heading', '## User contributions ##\nYou keep your rights.', null],
  ['nothing', '', 'no-contributions'],
  ['words that only mention it', 'See user contributions below.', 'no-contributions'],
  ['another title', '## Contributions\nYou keep your rights.', 'no-contributions'],
  ['a title and nothing below it', '## User contributions\n\n  \n', 'contributions-empty'],
  ['a title and a rule', 'User contributions\n===', 'contributions-empty'],
  ['a title and the next one', '## User contributions\n\n## The end\nWords.', 'contributions-empty'],
  ['an empty one in a table of contents, and the section', 'User contributions\n# One\nUser contributions\nYours.', null],
])('terms of use say in a section of their own what becomes of contributions: %s', (_, text, fault) => {
  expect(findTermsFault(text)).toBe(fault)
})

test('the terms that a new district begins with are terms of use', () => {
  const text = readFileSync(new URL('../deploy/termsOfUse.md', import.meta.url), 'utf8')
  expect(findTermsFault(text)).toBeNull()
  expect(text.length).toBeLessThan(termsCharactersMax)
})
