import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findProtected } from './findProtected.ts'
import type { RosterName } from './lostKind.ts'

const names: RosterName[] = [
  { kind: 'name', text: 'Ana García' },
  { kind: 'name', text: 'Will Mark de la Cruz' },
  { kind: 'name', text: 'Rose O’Neil' },
  { kind: 'name', text: '李小龙' },
  { kind: 'section', text: 'Algebra I - Period 2' },
  { kind: 'section', text: 'Rose (C++)' },
]
const find = (text: string) => findProtected(text, names).map(({ kind, start, end }) => `${kind} ${text.slice(start, end)}`)

test.each([
  ['Ana García’s bus', ['name Ana García']],
  ["Ana's and GARCÍA's", ['name Ana', 'name GARCÍA']],
  ['Ana Garci\u0301a', ['name Ana Garci\u0301a']],
  ['Anatomy of a banana, Roses', []],
  ['Ask Will, Mark or Rose about the cruz de la calle', ['name Will', 'name Mark', 'name Rose']],
  ['Will you mark it? Mark the date. May I?', []],
  ['Will is here. I saw Will today.', ['name Will', 'name Will']],
  ['他说李小龙今天不来', ['name 李小龙']],
  ['See you in Algebra I - Period 2 or Rose (C++).', ['section Algebra I - Period 2', 'section Rose (C++)']],
  ['It costs $1,234.50, 3/4 cup, 50 % of 1.234,50 €', ['number $1,234.50', 'number 3/4', 'number 50 %', 'number 1.234,50']],
  ['room B12, CK-12, H2O, pages 12-14', ['number B12', 'number CK-12', 'number H2O', 'number 12-14']],
  [
    'the key 2ff22ce3b42ab6014a07d278a1c, or Room2ff22ce3b42ab6014a07d278',
    ['number 2ff22ce3b42ab6014a07d278a1c', 'number Room2ff22ce3b42ab6014a07d278'],
  ],
  ['on 10/12/2026, 2026-10-12 or 12.10.26', ['date 10/12/2026', 'date 2026-10-12', 'date 12.10.26']],
  ['at 3:30 pm, 9 a.m., 15h30, 15:30', ['time 3:30 pm', 'time 9 a.m.', 'time 15h30', 'time 15:30']],
  ['see https://school.org/a?b=1#c, or (www.x.com/y).', ['link https://school.org/a?b=1#c', 'link www.x.com/y']],
  ['go to school.org/lunch. Then eat', ['link school.org/lunch']],
  ['write to ana.garcia+1@mail.school.org!', ['email ana.garcia+1@mail.school.org']],
  ['call (555) 123-4567 x12, 555.123.4567 or +34 612 345 678', ['phone (555) 123-4567 x12', 'phone 555.123.4567', 'phone +34 612 345 678']],
  ['October 3rd', ['number 3rd']],
  ['{0} { 12 } ｛3｝', ['number {0}', 'number { 12 }', 'number ｛3｝']],
  ['ok 👩‍👩‍👧 🇪🇸👍🏽', ['picture 👩‍👩‍👧', 'picture 🇪🇸👍🏽']],
  ['في ٣:٣٠', ['time ٣:٣٠']],
])('of %j stays as it is: %j', (text, found) => {
  expect(find(text)).toEqual(found)
})

test.each([
  ['in capitals', 'MARIA GARCIA', 'Ask Maria García, or Maria', ['Maria García', 'Maria']],
  ['with a capital inside, in capitals', 'SEAN MCDONALD', 'Ask McDonald', ['McDonald']],
  ['with a straight apostrophe', "Sean O'Brien", 'Mr. O’Brien', ['O’Brien']],
  ['with a curly apostrophe', 'Sean O’Brien', "Mr. O'Brien's", ["O'Brien"]],
  ['without accents', 'Jose Pena', 'Señor José Peña, Jose\u0301.', ['José Peña', 'Jose\u0301']],
  ['with accents', 'José Peña', 'Mr. Pena, Jose Pen\u0303a', ['Pena', 'Jose Pen\u0303a']],
  [
    'as two with a hyphen',
    'Ana Garcia-Lopez',
    'Mrs. Garcia, Ms. López, Ana Garcia\u2011Lopez',
    ['Garcia', 'López', 'Ana Garcia\u2011Lopez'],
  ],
  ['with two letters beside a hyphen', 'So-Min Lee', 'So Min reads. So-Min Lee reads.', ['Min', 'So-Min Lee']],
  ['with another name in quotes', 'Robert "Bob" Smith', 'Bob reads', ['Bob']],
  ['with a comma', 'Robert Smith, Jr.', 'Mr. Smith', ['Smith']],
  ['in small letters', 'rosa de la cruz', 'Rosa and rosa see a cruz, Rosa de la Cruz', ['Rosa', 'rosa', 'cruz', 'Rosa de la Cruz']],
  [
    'whole, given and family name, where it is written in small letters',
    'Maria García',
    'maria garcia, maria and garcía',
    ['maria garcia'],
  ],
  ['in two short words, which are words in small letters', 'So Min', 'so min, So Min', ['So Min']],
  [
    'without the signs that nobody sees',
    'Maria Rose',
    'Ma\u200Dria, Ro\u00ADse, \u2068Maria\u2069 and M\u200Baria\uFEFF',
    ['Ma\u200Dria', 'Ro\u00ADse', 'Maria', 'M\u200Baria'],
  ],
  ['with signs that nobody sees, in small letters', 'ro\u00ADsa', 'rosa, r\u200Cosa', ['rosa', 'r\u200Cosa']],
  ['with a joiner that is part of it', 'علی\u200Cرضا', 'علی\u200Cرضا', ['علی\u200Cرضا']],
  ['before a joiner', 'سارا', 'سارا\u200Cها', ['سارا']],
  ['whose first word stands in small letters', 'May Rose', 'we may Rose', ['Rose']],
  ['with letters that have no decomposition', 'Łukasz Weiß', 'ŁUKASZ WEISS', ['ŁUKASZ WEISS']],
  ['in a script whose marks make other letters', 'Сергей', 'Сергей, не Сергеи', ['Сергей']],
])('a name that the roster has %s, %j, stays in %j however it is written there', (_, name, text, found) => {
  const spans = findProtected(text, [{ kind: 'name', text: name }])
  expect(spans.map(({ start, end }) => text.slice(start, end))).toEqual(found)
})

test('spans are in order, inside of the text, and never overlap; each digit is in one', () => {
  const unit = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 6 }),
    fc.constantFrom('Ana ', 'García', '3:30 pm', '{1}', 'x@y.org', '555-123-4567', '12/10/2026', '7', '.', ' '),
  )
  fc.assert(
    fc.property(
      fc.array(unit, { maxLength: 20 }).map((parts) => parts.join('').toWellFormed()),
      (text) => {
        let last = 0
        let rest = ''
        for (const { start, end } of findProtected(text, names)) {
          expect(start).toBeGreaterThanOrEqual(last)
          expect(end).toBeGreaterThan(start)
          rest += text.slice(last, start)
          last = end
        }
        expect(last).toBeLessThanOrEqual(text.length)
        expect(rest + text.slice(last)).not.toMatch(/\p{Nd}/u)
      },
    ),
  )
})

test('a code stays whole, however letters and digits take turns in it', () => {
  const sign = fc.constantFrom('a', 'A', 'b', 'k', 'z', 'ñ', 'ß', '0', '1', '9')
  fc.assert(
    fc.property(
      fc.array(sign, { minLength: 12, maxLength: 200 }).map((signs) => signs.join('')),
      (word) => {
        fc.pre(/\d/.test(word))
        expect(find(`Type ${word}, please.`)).toEqual([`number ${word}`])
      },
    ),
  )
})
