import { expect, it } from 'vitest'
import { toGrades } from './grades.ts'

it('takes the codes of OneRoster, each once, youngest first', () => {
  expect(toGrades(['02', 'KG', '02', '01'])).toEqual(['KG', '01', '02'])
})

it('knows what systems write for a code, and takes no other word', () => {
  expect(toGrades(['3', 'k', 'pk', 'Other', 'ext:05', '3rd', '', '003'])).toEqual(['PK', 'KG', '03'])
})
