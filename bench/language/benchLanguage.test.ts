import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { measureLanguage, readLabelled } from './benchLanguage.ts'

test('reads every labelled text of a folder, of both forms, and nothing else', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hallpass-language-'))
  try {
    await writeFile(join(folder, 'a.jsonl'), `${JSON.stringify({ text: 'one\ntwo', label: 'ok', more: 1 })}\n\n`)
    await writeFile(join(folder, 'b.csv'), 'id,label,text\n1,nudge,"three, four"\n2,self-harm,five\n')
    await writeFile(join(folder, 'README.md'), 'no texts')
    expect(await readLabelled(folder)).toEqual([
      { text: 'one\ntwo', label: 'ok' },
      { text: 'three, four', label: 'nudge' },
      { text: 'five', label: 'self-harm' },
    ])
    await writeFile(join(folder, 'c.csv'), 'label,text\nrude,six\n')
    await expect(readLabelled(folder)).rejects.toThrow('label')
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('counts what is found of what is meant, and what is meant of what is found', () => {
  const { ratios, figures } = measureLanguage([
    { text: 'what the fuck', label: 'nudge' },
    { text: 'you fool', label: 'nudge' },
    { text: 'this is bullshit', label: 'ok' },
    { text: 'good morning', label: 'ok' },
    { text: 'i want to die', label: 'self-harm' },
    { text: 'it is all so grey', label: 'self-harm' },
  ])
  expect(ratios).toMatchObject({ nudge_precision: { value: 0.5, met: false }, nudge_recall: { value: 0.5, met: false } })
  expect(figures).toMatchObject({
    texts: 6,
    ok_nudged: 0.5,
    ok_concerned: 0,
    concern_precision: 1,
    concern_recall: 0.5,
    'self-harm_recall': 0.5,
  })
})

test('without labelled texts only the ordinary sentences are measured', () => {
  expect(Object.keys(measureLanguage([]).ratios)).toEqual(['school_sentences_nudged'])
})
