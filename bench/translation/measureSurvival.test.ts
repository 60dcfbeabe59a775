import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { TranslationImpossible } from '../../domain/translation/translatorFault.ts'
import { makeSentences } from './makeSentences.ts'
import { measureSurvival } from './measureSurvival.ts'
import { readPairs } from './readPairs.ts'

const translatorThat = (translate: (text: string) => string) => ({
  provider: 'test',
  translate: ({ text }: { text: string }) => Promise.resolve(translate(text)),
})

test('the same sentences are made at every run, of every kind that has to come through', () => {
  expect(makeSentences(50)).toEqual(makeSentences(50))
  expect(new Set(makeSentences(200).flatMap(({ planted }) => planted.map(({ kind }) => kind)))).toEqual(
    new Set(['name', 'section', 'number', 'date', 'time', 'link', 'email', 'phone']),
  )
})

test('what is lost is counted, and whether readers are warned of it', async () => {
  const kept = await measureSurvival(
    translatorThat((text) => text),
    makeSentences(50),
    'of',
  )
  expect(kept).toMatchObject({
    ratios: { of_unchanged: { value: 1 } },
    figures: { of_sentences: 50, of_lost: 0, of_flagged_needlessly: 0 },
  })
  const dropped = await measureSurvival(
    translatorThat(() => 'no'),
    makeSentences(50),
    'of',
  )
  expect(dropped.ratios).toMatchObject({ of_unchanged: { value: 0, met: false }, of_rest_flagged: { value: 1, met: true } })
})

const line = {
  source: 'en-US',
  target: 'es',
  text: 'Ask Ana in Band at 3:30 pm.',
  names: ['Ana'],
  sections: ['Band'],
  translation: 'unread',
}
let folder = ''
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'hallpass-pairs-'))))
afterEach(() => rm(folder, { recursive: true }))

test('reads every pair of a folder, also of files that begin with a mark of their encoding', async () => {
  await writeFile(join(folder, 'a.jsonl'), `\uFEFF${JSON.stringify(line)}\r\n\n`)
  await writeFile(join(folder, 'b.txt'), 'nothing of ours')
  expect(await readPairs(folder)).toMatchObject([
    {
      source: 'en',
      target: 'es',
      planted: [
        { kind: 'name', text: 'Ana' },
        { kind: 'section', text: 'Band' },
        { kind: 'time', text: '3:30 pm' },
      ],
    },
  ])
})

const written = 'Ana has a fever'
test.each([
  ['what is no JSON', `{ "text": "${written}`, /^c\.jsonl, line 2: not JSON/],
  ['a list', `["${written}"]`, /line 2: wanted is an object with source, target and text/],
  [
    'a language that the provider does not have',
    JSON.stringify({ ...line, text: written, target: 'hmn' }),
    /line 2: target: wanted is a language of the provider/,
  ],
  ['no language', JSON.stringify({ text: written, target: 'es' }), /line 2: source: wanted is a language tag/],
  ['an empty text', JSON.stringify({ ...line, text: ' ' }), /line 2: text: wanted is a text that is not empty/],
  [
    'a text longer than a message may be',
    JSON.stringify({ ...line, text: written.repeat(700_000) }),
    /line 2: text: wanted is at most 10000 characters/,
  ],
  ['names that are no list', JSON.stringify({ ...line, names: written }), /line 2: names: wanted is a list of texts/],
])('%s is refused by file and line, and not quoted', async (_, wrong, said) => {
  await writeFile(join(folder, 'c.jsonl'), `${JSON.stringify(line)}\n${wrong}\n`)
  const refused = await readPairs(folder).catch((error: unknown) => error)
  expect(refused).toMatchObject({ name: 'WrongUse', message: expect.stringMatching(said) })
  expect(String(refused)).not.toContain('fever')
})

test('what cannot be read as sentences is refused with what to do about it', async () => {
  await expect(readPairs(join(folder, 'none'))).rejects.toThrow('cannot be read as a folder (ENOENT)')
  await expect(readPairs(folder)).rejects.toThrow('holds no .jsonl file')
  await writeFile(join(folder, 'a.jsonl'), '\n')
  await expect(readPairs(join(folder, 'a.jsonl'))).rejects.toThrow('cannot be read as a folder (ENOTDIR)')
  await expect(readPairs(folder)).rejects.toThrow('its files hold no sentence')
  await writeFile(join(folder, 'b.jsonl'), Buffer.from([0xff, 0xfe, 0x41, 0x00]))
  await expect(readPairs(folder)).rejects.toThrow('b.jsonl is not UTF-8')
  await rm(join(folder, 'b.jsonl'))
  await mkdir(join(folder, 'c.jsonl'))
  await expect(readPairs(folder)).rejects.toThrow('c.jsonl cannot be read as a file (EISDIR)')
})

test('sentences of a pair that the translator does not have are counted and left out, and nothing is said to be met by none', async () => {
  const translator = {
    provider: 'test',
    translate: ({ text, target }: { text: string; target: string }) =>
      target === 'es' ? Promise.resolve(text) : Promise.reject(new TranslationImpossible('unsupported-pair')),
  }
  const sample = { source: 'en', target: 'es', text: 'hello', names: [], planted: [] }
  const lacked = { ...sample, target: 'ja', text: 'at 3:30', planted: [{ kind: 'time' as const, text: '3:30' }] }
  expect(await measureSurvival(translator, [sample, lacked], 'data')).toMatchObject({
    ratios: {},
    figures: { data_sentences: 1, data_sentences_without_pair: 1, data_parts: 0 },
  })
  await expect(measureSurvival(translator, [lacked], 'data')).rejects.toThrow(
    'the translator has the languages of none of these 1 sentences',
  )
})
