import { expect, test } from 'vitest'
import { checkLanguage } from '../../domain/language/checkLanguage.ts'
import { findConcern } from '../../domain/language/findConcern.ts'
import { findProfanity } from './findProfanity.ts'
import { ordinarySentences } from './ordinarySentences.ts'

const check = (text: string) => checkLanguage(text, { findProfanity, districtWords: [] })

test('of what is written in schools every day at most one in a hundred is nudged', () => {
  const nudged = ordinarySentences.filter((text) => check(text).length > 0)
  expect(nudged.slice(Math.floor(ordinarySentences.length / 100))).toEqual([])
})

test('of what is written in schools every day at most one in a hundred raises a concern', () => {
  const raised = ordinarySentences.filter((text) => findConcern(text) !== null)
  expect(raised.slice(Math.floor(ordinarySentences.length / 100))).toEqual([])
})

test.each([
  'what the fuck',
  'FUUUUCK this',
  'f u c k you',
  'f.u.c.k',
  'fück',
  'fuсk',
  'f\u200Bu\u200Bck',
  'fṳ𝒸𝗄',
  'sh1t',
  'bullshit',
  'you are a b!tch',
  'b1tches',
  'asshole',
  '@sshole',
  'dumbass',
  'you dickhead',
  'what a whore',
  'cunt',
  'retard',
  'stfu',
  'fck off',
])('%s is nudged', (text) => {
  expect(check(text)).not.toEqual([])
})
