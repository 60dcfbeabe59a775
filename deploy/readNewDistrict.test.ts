import { describe, expect, test } from 'vitest'
import { readNewDistrict } from './readNewDistrict.ts'
import { WrongUse } from './wrongUse.ts'

const sound = {
  name: 'Invented District',
  'time-zone': 'America/Chicago',
  'admin-given': 'Ida',
  'admin-family': 'Invented',
  'admin-email': 'ida@example.org',
  reason: 'contract signed',
}
const away = { isLocalStack: false, apiUrl: null }

describe('what a district is made of', () => {
  test('has a brake and an administrator whom no feed can name, unless said otherwise', () => {
    expect(readNewDistrict(sound, away)).toMatchObject({
      brake: { percent: 10, rows: 25 },
      custody: null,
      languageColumn: 'metadata.homeLanguage',
      machine: null,
      administrator: { sourcedId: 'hallpass:admin-1' },
    })
    expect(readNewDistrict({ ...sound, 'admin-sourced-id': '0042' }, away).administrator.sourcedId).toBe('0042')
  })

  test('takes the language of people from the column that it names, or from none', () => {
    expect(readNewDistrict({ ...sound, 'language-column': 'metadata.correspondence' }, away).languageColumn).toBe('metadata.correspondence')
    expect(readNewDistrict({ ...sound, 'language-column': 'none' }, away).languageColumn).toBeNull()
  })

  test('needs no reason on a stack of this machine, and one everywhere else', () => {
    const { reason: _reason, ...without } = sound
    expect(readNewDistrict(without, { isLocalStack: true, apiUrl: null }).reason).toBe('local stack')
    expect(() => readNewDistrict(without, away)).toThrow('--reason')
  })

  test.each([
    ['a zone abroad', { 'time-zone': 'Europe/Berlin' }, '--time-zone'],
    ['a zone in another case', { 'time-zone': 'america/chicago' }, '--time-zone'],
    ['a name in two lines', { name: 'Invented\nDistrict' }, '--name'],
    ['a name without an end', { name: 'x'.repeat(201) }, '--name'],
    ['two addresses', { 'admin-email': 'a@example.org,b@example.org' }, '--admin-email'],
    ['nobody', { 'admin-given': ' ' }, '--admin-given'],
    ['an id that no system has', { 'admin-sourced-id': 'id with blanks' }, '--admin-sourced-id'],
    ['an id of another prefix', { 'admin-sourced-id': 'other:1' }, '--admin-sourced-id'],
    ['custody without words', { 'custody-column': 'metadata.custody' }, '--custody-permitted'],
    ['custody in a column that feeds do not have', { 'custody-column': 'custody', 'custody-permitted': 'yes' }, '--custody-column'],
    ['a language in a column that feeds do not have', { 'language-column': 'homeLanguage' }, '--language-column'],
    ['a brake over 100 %', { 'brake-percent': '101' }, '--brake-percent'],
    ['half a row', { 'brake-rows': '0.5' }, '--brake-rows'],
  ])('is refused with the option that is at fault: %s', (_what, change, option) => {
    expect(() => readNewDistrict({ ...sound, ...change }, away)).toThrow(WrongUse)
    expect(() => readNewDistrict({ ...sound, ...change }, away)).toThrow(option)
  })
})
