import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
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

test('reads every pair of a folder, and refuses languages that the provider does not have', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hallpass-pairs-'))
  try {
    const line = {
      source: 'en-US',
      target: 'es',
      text: 'Ask Ana in Band at 3:30 pm.',
      names: ['Ana'],
      sections: ['Band'],
      translation: 'unread',
    }
    await writeFile(join(folder, 'a.jsonl'), `${JSON.stringify(line)}\n\n`)
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
    await writeFile(join(folder, 'c.jsonl'), JSON.stringify({ ...line, target: 'hmn' }))
    await expect(readPairs(folder)).rejects.toThrow('a language of the provider')
  } finally {
    await rm(folder, { recursive: true })
  }
})
