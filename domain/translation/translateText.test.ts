import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findLost } from './findLost.ts'
import { findProtected } from './findProtected.ts'
import type { RosterName } from './lostKind.ts'
import { translateText } from './translateText.ts'

const names: RosterName[] = [
  { kind: 'name', text: 'Ana García' },
  { kind: 'name', text: 'Mark' },
  { kind: 'section', text: 'Algebra 2' },
]
const run = (text: string, translate: (piece: string) => string) =>
  translateText({ text, source: 'en', names, translate: (piece) => Promise.resolve(translate(piece)) })
const lines = (text: string): string[] => text.split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/u)

/** What translators do to a text, and worse. */
const translators: Readonly<Record<string, (piece: string) => string>> = {
  'changes nothing': (piece) => piece,
  'writes in capitals': (piece) => piece.toUpperCase(),
  'drops placeholders': (piece) => piece.replaceAll(/\{\d+\}/g, ''),
  'drops one placeholder': (piece) => piece.replace(/\{\d+\}/, ''),
  'doubles placeholders': (piece) => piece.replaceAll(/\{\d+\}/g, '$&$&'),
  'makes placeholders up': (piece) => `${piece} {0} {9999}`,
  'puts blanks into placeholders': (piece) => piece.replaceAll(/\{(\d+)\}/g, '{ $1 }'),
  'writes other digits': (piece) => piece.replaceAll(/\d/g, (digit) => String.fromCodePoint(0x6_60 + Number(digit))),
  'counts on': (piece) => piece.replaceAll(/\d+/g, (digits) => String(Number(digits) + 1)),
  'glues all words together': (piece) => piece.replaceAll(' ', ''),
  'answers nothing': () => '',
  'answers one word': () => 'no',
  'joins lines': (piece) => piece.replaceAll(/\s+/g, ' '),
  'parts lines': (piece) => piece.replaceAll(' ', '\n\n'),
  'turns lines around': (piece) => piece.split('\n\n').toReversed().join('\n\n'),
  'translates names': (piece) => piece.replaceAll('Mark', 'Marca').replaceAll('Ana', 'Anne'),
}

const unit = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 5 }),
  fc.constantFrom(
    'Ana García',
    'Mark',
    'Ana’s',
    'Algebra 2',
    ' 3:30 pm ',
    '10/12/2026',
    'x@y.org',
    'https://a.org/b',
    '555-123-4567',
    ' 50 % ',
    '3rd',
    '{0}',
    '{1}',
    '👩‍👩‍👧',
    '\n',
    '\n\n',
    '\r\n',
    ' ',
    ' goes home. ',
    'שלום',
    '12',
  ),
)
const texts = fc.array(unit, { maxLength: 25 }).map((parts) => parts.join(' '))

test.each(Object.keys(translators))(
  'a translator that %s: what is lost is named, lines stay lines, and nothing is thrown',
  async (name) => {
    const translate = translators[name] as (piece: string) => string
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        const { text: translated, lost, calls, characters } = await run(text, translate)
        expect(lines(translated)).toHaveLength(lines(text.toWellFormed()).length)
        expect(lost).toEqual(findLost(text.toWellFormed(), findProtected(text.toWellFormed(), names), translated))
        const unwarned = findProtected(text.toWellFormed(), names).filter(
          ({ kind, isHeld }) => isHeld && kind !== 'picture' && !lost.includes(kind),
        )
        for (const { start, end } of unwarned) expect(translated).toContain(text.toWellFormed().slice(start, end))
        expect(calls).toBeLessThanOrEqual(1 + 2 * lines(text).length)
        expect(characters > 0).toBe(calls > 0)
      }),
      { numRuns: 60 },
    )
  },
)

test('what a translator leaves as it is comes back as it was written, to the last sign', async () => {
  await fc.assert(
    fc.asyncProperty(texts, async (text) => {
      // Blanks inside of the lines are the translator's to set.
      const { text: translated } = await run(text, (piece) => piece)
      expect(translated).toBe(text.toWellFormed())
    }),
  )
})

test('what is to stay never reaches the translator, and is put back', async () => {
  const sent: string[] = []
  const { text, lost } = await run('Tell Mark that Algebra 2 begins at 3:30 pm.', (piece) => {
    sent.push(piece)
    return piece.replace('Tell', 'Diga a').replace('that', 'que').replace('begins at', 'empieza a las')
  })
  expect(sent).toEqual(['Tell {0} that {1} begins at {2}.'])
  expect(text).toBe('Diga a Mark que Algebra 2 empieza a las 3:30 pm.')
  expect(lost).toEqual([])
})

test('a translator that loses placeholders is asked once more without them, and what still got lost is named', async () => {
  const { text, lost, calls } = await run('Tell Mark at 3:30 pm.', (piece) => piece.replaceAll(/\{\d+\}/g, '').replace('Mark', 'Marca'))
  expect({ text, lost, calls }).toEqual({ text: 'Tell Marca at 3:30 pm.', lost: ['name'], calls: 2 })
})

test('of a translator that writes placeholders twice, or makes some up, nothing of them is shown', async () => {
  for (const [held, more] of [
    ['{0}', '{0}, {0}'],
    ['.', ' {9999}.'],
  ] as const) {
    const { text, lost } = await run('Mark goes home.', (piece) => (piece.includes('{') ? piece.replace(held, more) : piece))
    expect({ text, lost }).toEqual({ text: 'Mark goes home.', lost: [] })
  }
})

test('a sign or a star at the head of a line stays with its number', async () => {
  const sent: string[] = []
  const text = '-$5 is the fee\n- 2 books\n*️⃣ Bring it'
  const answer = await run(text, (piece) => {
    sent.push(piece)
    return piece
  })
  expect(sent).toEqual(['{0} is the fee\n\n{1} books\n\n{2} Bring it'])
  expect(answer).toMatchObject({ text, lost: [] })
})

test('a name that stands twice and comes back once is lost, also inside of a longer one', async () => {
  const text = 'Ana García and Ana'
  expect(findLost(text, findProtected(text, names), 'Ana García y ella')).toEqual(['name'])
  expect(findLost('Mark', findProtected('Mark', names), 'Markha')).toEqual(['name'])
  expect(findLost('at 3', findProtected('at 3', names), 'a las 13')).toEqual(['number'])
})

test('braces of the author stand for nothing of ours', async () => {
  const { text, lost } = await run('{0} {1} Mark {2} says hi', (piece) => piece)
  expect(text).toBe('{0} {1} Mark {2} says hi')
  expect(lost).toEqual([])
})

test('nothing is sent where there is nothing to translate', async () => {
  expect(await run('👍🏽\n\n  3:30 pm\nMark 555-123-4567 :-)', () => 'no')).toEqual({
    text: '👍🏽\n\n  3:30 pm\nMark 555-123-4567 :-)',
    lost: [],
    calls: 0,
    characters: 0,
  })
})

test('lines go in one request, and each by itself when they come back as others', async () => {
  expect((await run('one\ntwo\n\nthree', (piece) => piece)).calls).toBe(1)
  const joined = await run('one\ntwo\n\nthree', (piece) => piece.replaceAll('\n', ' '))
  expect(joined).toMatchObject({ text: 'one\ntwo\n\nthree', calls: 4 })
})

test('no request is longer than the provider takes, however long the text, and the longest is translated in little time', async () => {
  for (const text of [
    '好'.repeat(10_000),
    'Ana goes. '.repeat(1000),
    'a1'.repeat(5000),
    '1 a '.repeat(2500),
    '@'.repeat(10_000),
    'a\n'.repeat(5000),
    `a${'\u0301'.repeat(9999)}`,
  ]) {
    let longest = 0
    const { text: translated } = await run(text, (piece) => {
      longest = Math.max(longest, Buffer.byteLength(piece))
      return piece
    })
    expect(longest).toBeLessThanOrEqual(10_000)
    expect(translated).toBe(text)
  }
})

test('a fault of the translator is the caller’s', async () => {
  await expect(translateText({ text: 'hello', source: 'en', names, translate: () => Promise.reject(new Error('away')) })).rejects.toThrow(
    'away',
  )
})
