import { expect, test } from 'vitest'
import { findConcern } from './findConcern.ts'

test.each([
  ['self-harm', 'i want to die'],
  ['self-harm', 'Sometimes I think about killing myself'],
  ['self-harm', 'i wish i was never born'],
  ['self-harm', 'everyone would be better off without me'],
  ['self-harm', 'I dont want to live anymore'],
  ['self-harm', 'i k1ll myself'],
  ['self-harm', 'i am going to kms'],
  ['self-harm', 'ya no quiero vivir'],
  ['abuse', 'my stepdad hits me when he drinks'],
  ['abuse', 'he touched me and told me to be quiet'],
  ['abuse', "I'm scared to go home today"],
  ['abuse', 'mi papa me pega'],
  ['threat', "i'm gonna shoot up the school"],
  ['threat', 'I will kill you'],
  ['threat', 'he is bringing a gun to school'],
  ['threat', 'just go kys'],
  ['threat', 'te voy a matar'],
  ['grooming', "don't tell your parents about this"],
  ['grooming', 'this is our little secret'],
  ['grooming', 'send me a pic of you'],
  ['grooming', 'no le digas a tu mamá'],
])('%s: %s', (kind, text) => {
  expect(findConcern(text)).toBe(kind)
})

test.each([
  'This test is killing me',
  'I died laughing',
  'The cell will die without oxygen',
  'We will beat them in the game on Friday',
  'He beats me at chess every time',
  'Please send a picture of your worksheet',
  'Please send me a picture of your science project',
  'Do not tell your mom about the surprise, it is for her birthday',
  'Bring a pencil and a calculator to class',
  'Are you alone in your group or do you have a partner?',
  'Romeo kills Tybalt and Juliet takes a potion',
  'I cut myself on paper, it is fine',
  'Can you kill the lights?',
  'Delete the second paragraph',
  'What are you wearing to the play?',
  'Do not hurt your back when you lift the box',
  'The bomb calorimeter lab is tomorrow',
  'Text me on Remind if you are late',
  'My brother kicks the ball to me',
  'She was late because the bus broke down',
])('ordinary: %s', (text) => {
  expect(findConcern(text)).toBeNull()
})

test('of several the gravest is raised', () => {
  expect(findConcern('he hits me and i want to die')).toBe('self-harm')
})
