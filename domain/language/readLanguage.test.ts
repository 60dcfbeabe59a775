import { expect, test } from 'vitest'
import { readLanguage } from './readLanguage.ts'
import { noDistrictWords } from './wordKinds.ts'

const findProfanity = (text: string) => [...text.matchAll(/darn/g)].map(({ index }) => ({ start: index, end: index + 4 }))
const read = (text: string, words = noDistrictWords) => readLanguage(text, { findProfanity, words })

test('a text that raises a concern is never asked about, whatever else it says', () => {
  expect(read('darn')).toEqual({ concern: null, findings: [{ why: 'profanity', start: 0, end: 4 }] })
  expect(read('darn, i want to die')).toEqual({ concern: 'self-harm', findings: [] })
})

test('a district’s own words ask, or raise a concern, as it says', () => {
  const words = { ...noDistrictWords, nudge: ['fiddlesticks'], threat: ['the thing on friday'] }
  expect(read('fiddlesticks', words).findings).toEqual([{ why: 'district-word', start: 0, end: 12 }])
  expect(read('remember THE THING  on Friday', words)).toEqual({ concern: 'threat', findings: [] })
})
