import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findLost } from './findLost.ts'
import { findProtected } from './findProtected.ts'
import type { RosterName } from './lostKind.ts'
import { moreCallsMax } from './sendLines.ts'
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
  'answers nothing for every other line': (piece) =>
    piece
      .split('\n\n')
      .map((line, index) => (index % 2 === 0 ? '' : line))
      .join('\n\n'),
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
        const kinds = lost.filter((kind) => kind !== 'line')
        expect(kinds).toEqual(findLost(text.toWellFormed(), findProtected(text.toWellFormed(), names), translated))
        const unwarned = findProtected(text.toWellFormed(), names).filter(
          ({ kind, isHeld }) => isHeld && kind !== 'picture' && !lost.includes(kind),
        )
        for (const { start, end } of unwarned) expect(translated).toContain(text.toWellFormed().slice(start, end))
        expect(calls).toBeLessThanOrEqual(3 * lines(text).length)
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

test('lines go in one request, and in halves, down to each by itself, when they come back as others', async () => {
  expect((await run('one\ntwo\n\nthree', (piece) => piece)).calls).toBe(1)
  const joined = await run('one\ntwo\n\nthree', (piece) => piece.replaceAll('\n', ' '))
  expect(joined).toMatchObject({ text: 'one\ntwo\n\nthree', calls: 5, lost: [] })
  const hundred = Array.from({ length: 100 }, (_, index) => `line ${index}`).join('\n')
  expect(await run(hundred, (piece) => piece.replaceAll('\n', ' '))).toMatchObject({ text: hundred, calls: 199, lost: [] })
})

test('one line of many that comes back wrong costs a few requests, and the others are translated', async () => {
  const many = Array.from({ length: 500 }, (_, index) => (index === 321 ? 'bad' : 'good')).join('\n')
  const { text, calls, lost } = await run(many, (piece) => piece.replaceAll('bad', 'mal\n\nmal').replaceAll('good', 'bueno'))
  expect(text).toBe(many.replaceAll('bad', 'mal mal').replaceAll('good', 'bueno'))
  expect(calls).toBeLessThanOrEqual(1 + 2 * 9)
  expect(lost).toEqual([])
})

test.each(Object.keys(translators))(
  'a translator that %s is asked a bounded number of times, however many lines there are',
  async (name) => {
    const translate = translators[name] as (piece: string) => string
    const line = fc.constantFrom('a', 'Mark', 'at 3', 'Ana García is in Algebra 2', 'the school')
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1_000, maxLength: 5_000 }), async (many) => {
        const text = many.join('\n').slice(0, 10_000)
        let sentBytes = 0
        const { calls, text: translated } = await run(text, (piece) => {
          sentBytes = Math.max(sentBytes, Buffer.byteLength(piece))
          return translate(piece)
        })
        const packetsMax = Math.ceil((3 * (Buffer.byteLength(text) + 8 * many.length)) / 10_000)
        expect(calls).toBeLessThanOrEqual(packetsMax + moreCallsMax)
        expect(sentBytes).toBeLessThanOrEqual(10_000)
        expect(lines(translated)).toHaveLength(lines(text).length)
      }),
      { numRuns: 3 },
    )
  },
)

test('a line that was not translated is never passed off as one: readers are warned of it', async () => {
  const text = 'one\ntwo for Mark\nthree'
  const answered = run(text, (piece) => {
    if (piece.includes('\n')) return piece.replaceAll('\n', ' ')
    return piece.includes('two') ? '' : piece.toUpperCase()
  })
  expect(await answered).toMatchObject({ text: 'ONE\ntwo for Mark\nTHREE', lost: ['line'] })
  expect(await run('hello', () => '')).toMatchObject({ text: 'hello', lost: ['line'] })
  const many = 'hello\n'.repeat(1_000)
  const joined = await run(many, (piece) => piece.replaceAll('\n', ' ').toUpperCase())
  expect(joined.lost).toEqual(['line'])
  // What was sent alone is translated all the same.
  expect(joined.text.startsWith('HELLO\nHELLO\n')).toBe(true)
  expect(joined.text).toContain('hello')
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
