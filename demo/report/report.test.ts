import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { clean, contentTypes, quarantined, refusedAs } from '../corpus/corpusFile.ts'
import type { WrittenFile } from '../corpus/writeCorpus.ts'
import type { Scene } from '../scenes/scene.ts'
import { isAsExpected, type FileResult } from './fileResult.ts'
import { printScenes } from './printScenes.ts'
import { printTable } from './printTable.ts'
import { showText } from './showText.ts'
import { toReport } from './toReport.ts'

const file = (name: string, expected: WrittenFile['expected']): WrittenFile => ({
  name,
  contentType: contentTypes.txt,
  by: 'student',
  journey: 'upload',
  expected,
  make: async () => Buffer.alloc(1),
  path: 'none',
  bytes: 1,
  sha256: '00',
})

const results: FileResult[] = [
  { attachmentId: 'a', file: file('a.txt', clean), ...clean, ms: 10.4, faults: [] },
  { attachmentId: 'b', file: file('b.txt', quarantined), ...clean, ms: 20, faults: [] },
  { attachmentId: 'c', file: file('c.txt', clean), ...clean, ms: 30, faults: ['its location survived'] },
  { attachmentId: 'd', file: file('d.txt', clean), state: 'scanning', verdict: null, reason: null, ms: 40, faults: [] },
]

const scene: Scene = {
  title: 'A scene',
  checks: [
    { what: 'a read', expected: '404', seen: '404', ms: 1.6 },
    { what: 'another read', expected: '404', seen: '200', ms: 12_345.6 },
  ],
  notes: ['more is to be seen elsewhere'],
}

test('a file is as expected only with its state, its verdict and no fault', () => {
  expect(results.map(isAsExpected)).toEqual([true, false, false, false])
})

test('a file that is refused for another reason is not as expected', () => {
  const refused = { attachmentId: 'e', file: file('e.txt', refusedAs('encrypted')), ms: 50, faults: [] }
  const reasons = ['encrypted', 'engine-limits', null] as const
  expect(reasons.map((reason) => isAsExpected({ ...refused, ...refusedAs('encrypted'), reason }))).toEqual([true, false, false])
})

test('the report has what each scene looked at, in whole milliseconds, and what it says besides', () => {
  const [shown] = toReport(results, [scene], []).scenes
  expect(shown).toEqual({ ...scene, checks: scene.checks.map((check) => ({ ...check, ms: Math.round(check.ms) })) })
})

test('the report counts each file once, and counts what never ended as failed', () => {
  const { summary } = toReport(results, [scene], [])
  expect(summary).toEqual({
    total: 4,
    asExpected: 1,
    clean: 3,
    quarantined: 0,
    refused: 0,
    expired: 0,
    failed: 1,
    checks: { total: 2, asExpected: 1 },
  })
})

test('a hostile file name can neither move the cursor nor turn a line around', () => {
  expect(showText('a\u001b[2Jb\nc\u202ed')).toBe('a\\u001b[2Jb\\u000ac\\u202ed')
})

test('a long name is cut between characters, not inside one', () => {
  expect(showText('👩🏽‍🏫'.repeat(10), 3)).toBe('👩🏽‍🏫👩🏽‍🏫…')
})

const printed = (print: (stream: Writable) => void): string => {
  let text = ''
  print(
    new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        text += chunk.toString()
        done()
      },
    }),
  )
  return text
}

test('a scene is a paragraph that says what was seen, and what should have been', () => {
  expect(printed((stream) => printScenes(stream, [scene]))).toBe(
    '\nA scene\n  ✓     2 ms  a read: 404\n  ✗ 12346 ms  another read: 200, NOT 404\n  more is to be seen elsewhere\n',
  )
})

test('the table names every file that did not end as it must, and why', () => {
  const table = printed((stream) => printTable(stream, results, toReport(results, [scene], [])))
  expect(table).toContain('NO: quarantined, infected')
  expect(table).toContain('c.txt: its location survived')
  expect(table).toContain('1 of 4 as expected')
})
