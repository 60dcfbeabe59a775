import { describe, expect, test } from 'vitest'
import type { TakenFile } from '../../domain/roster/feedFiles.ts'
import { noteCodes, rejectCodes } from '../../domain/roster/rejectCodes.ts'
import type { NoteCode, RejectCode } from '../../domain/roster/rejectCodes.ts'
import { createBulkFiles, zipFiles } from '../../test/support/feedFiles.ts'
import { readFeed } from '../../test/support/readFeed.ts'
import type { FeedLine } from './readFile.ts'

/** Rows enough that one damaged line is not one in twenty. */
const padding: Partial<Record<TakenFile, (index: number) => string>> = {
  users: (index) => `p${index},,,true,Given,Family,,`,
  enrollments: (index) => `p${index},,,k2,s1,u2,teacher,,`,
  orgs: (index) => `p${index},,,Invented School,school`,
}

type Case = { file: TakenFile; line: string; column: string | null; code: RejectCode; sourcedId?: string | null; reference?: string }

const cases: Case[] = [
  { file: 'users', line: 'x,,,true,Given,Family', column: null, code: 'row-short' },
  { file: 'users', line: 'x,,,true,Given,Family,,,', column: null, code: 'row-long' },
  { file: 'users', line: 'x,,,true,"Given\nName",Family,,', column: null, code: 'line-break-in-field' },
  { file: 'users', line: 'x,,,true,Given "G" Name,Family,,', column: null, code: 'quote-damaged' },
  { file: 'users', line: 'x,,,true,"Given" G,Family,",",', column: null, code: 'quote-damaged' },
  { file: 'users', line: ',,,true,Given,Family,,', column: 'sourcedId', code: 'required-missing' },
  { file: 'users', line: 'x,,,true,,Family,,', column: 'givenName', code: 'required-missing', sourcedId: 'x' },
  { file: 'users', line: 'x,,,,Given,Family,,', column: 'enabledUser', code: 'required-missing', sourcedId: 'x' },
  { file: 'classes', line: 'x,,,Section,c1,s1,","', column: 'termSourcedIds', code: 'required-missing', sourcedId: 'x' },
  { file: 'users', line: 'x y,,,true,Given,Family,,', column: 'sourcedId', code: 'id-malformed' },
  { file: 'users', line: `${'x'.repeat(256)},,,true,Given,Family,,`, column: 'sourcedId', code: 'id-malformed' },
  { file: 'users', line: '\u200Bx,,,true,Given,Family,,', column: 'sourcedId', code: 'id-malformed' },
  { file: 'enrollments', line: 'x,,,k1,s1,u1,student,24.08.2026,', column: 'beginDate', code: 'date-malformed', sourcedId: 'x' },
  { file: 'enrollments', line: 'x,,,k1,s1,u1,student,,2027-02-29', column: 'endDate', code: 'date-malformed', sourcedId: 'x' },
  { file: 'enrollments', line: 'x,,,k1,s1,u1,learner,,', column: 'role', code: 'value-unknown', sourcedId: 'x' },
  { file: 'enrollments', line: 'x,,,k1,s1,u1,constructor,,', column: 'role', code: 'value-unknown', sourcedId: 'x' },
  { file: 'users', line: 'x,gone,,true,Given,Family,,', column: 'status', code: 'value-unknown', sourcedId: 'x' },
  { file: 'users', line: 'x,,,yes,Given,Family,,', column: 'enabledUser', code: 'value-unknown', sourcedId: 'x' },
  { file: 'orgs', line: 'x,,,Name,academy', column: 'type', code: 'value-unknown', sourcedId: 'x' },
  {
    file: 'academicSessions',
    line: 'x,,,Name,term,2026-08-24,2027-06-12,26/27',
    column: 'schoolYear',
    code: 'value-unknown',
    sourcedId: 'x',
  },
  { file: 'users', line: `x,,,true,${'G'.repeat(1_001)},Family,,`, column: 'givenName', code: 'text-too-long', sourcedId: 'x' },
  { file: 'users', line: 'x,,,true,Gi\rven,Family,,', column: 'givenName', code: 'character-unprintable', sourcedId: 'x' },
  {
    file: 'academicSessions',
    line: 'x,,,Name,term,2026-08-24,2026-08-24,2027',
    column: 'endDate',
    code: 'period-reversed',
    sourcedId: 'x',
  },
  { file: 'enrollments', line: 'x,,,k1,s1,u1,student,2026-09-02,2026-09-01', column: 'endDate', code: 'period-reversed', sourcedId: 'x' },
  { file: 'users', line: 'u1,,,true,Given,Family,,', column: 'sourcedId', code: 'id-duplicate', sourcedId: 'u1' },
  {
    file: 'classes',
    line: 'x,,,Section,c9,s1,y',
    column: 'courseSourcedId',
    code: 'reference-unresolved',
    sourcedId: 'x',
    reference: 'c9',
  },
  {
    file: 'classes',
    line: 'x,,,Section,c1,s9,y',
    column: 'schoolSourcedId',
    code: 'reference-unresolved',
    sourcedId: 'x',
    reference: 's9',
  },
  {
    file: 'classes',
    line: 'x,,,Section,c1,s1,y9',
    column: 'termSourcedIds',
    code: 'reference-unresolved',
    sourcedId: 'x',
    reference: 'y9',
  },
  {
    file: 'roles',
    line: 'x,,,u9,primary,student,s1',
    column: 'userSourcedId',
    code: 'reference-unresolved',
    sourcedId: 'x',
    reference: 'u9',
  },
  {
    file: 'roles',
    line: 'x,,,u1,primary,student,s9',
    column: 'orgSourcedId',
    code: 'reference-unresolved',
    sourcedId: 'x',
    reference: 's9',
  },
  {
    file: 'enrollments',
    line: 'x,,,k9,s1,u1,student,,',
    column: 'classSourcedId',
    code: 'reference-unresolved',
    sourcedId: 'x',
    reference: 'k9',
  },
  {
    file: 'enrollments',
    line: 'x,,,k1,s1,U1,student,,',
    column: 'userSourcedId',
    code: 'reference-unresolved',
    sourcedId: 'x',
    reference: 'U1',
  },
]

const addLine = (file: TakenFile, line: string): Record<string, string> => {
  const files = createBulkFiles('1.2') as Record<string, string>
  const more = Array.from({ length: 100 }, (_, index) => padding[file]?.(index)).filter((row) => row !== undefined)
  return { ...files, [file]: `${files[file]}${[...more, line].join('\n')}\n` }
}

const textBefore = (text: string, line: string): string => text.slice(0, text.lastIndexOf(`\n${line}\n`) + 1)
const rejectsOf = (lines: readonly FeedLine[]) => lines.flatMap(({ rejects }) => rejects)
const isTaken = (lines: readonly FeedLine[], sourcedId: string): boolean =>
  lines.some(({ rows }) => rows.some((row) => 'sourcedId' in row && row.sourcedId === sourcedId))

describe('a line that is wrong', () => {
  test('has no code that is not shown here', () => {
    // Those of a delta, and what a line is taken without: homeLanguages.test.ts.
    const elsewhere: RejectCode[] = ['date-time-malformed', 'language-unknown']
    expect(new Set([...cases.map(({ code }) => code), ...elsewhere])).toEqual(new Set(Object.keys(rejectCodes)))
  })

  test.each(cases)(
    'is rejected alone: $code in $file, column $column',
    async ({ file, line, column, code, sourcedId = null, reference = null }) => {
      const files = addLine(file, line)
      const before = textBefore(files[file] ?? '', line).split('\n').length
      const lines = await readFeed(await zipFiles(files))
      const expected = line.split('\n').map((_, index) => ({ file, line: before + index, column, code, sourcedId, reference }))
      expect(rejectsOf(lines)).toEqual(expected)
      expect(isTaken(lines, 'x')).toBe(false)
      expect(lines.filter((of) => of.rows.length === 0)).toHaveLength(expected.length)
    },
  )

  test('names everything that is wrong with it at once', async () => {
    const lines = await readFeed(await zipFiles(addLine('enrollments', 'x,,,k9,s1,u9,pupil,soon,')))
    expect(rejectsOf(lines).map(({ column }) => column)).toEqual(['classSourcedId', 'userSourcedId', 'role', 'beginDate'])
  })

  test('takes what refers to it along, each with its own reject', async () => {
    const files = addLine('enrollments', 'x,,,k2,s1,u1,student,,')
    const lines = await readFeed(await zipFiles({ ...files, classes: (files['classes'] ?? '').replace('k1,,,Section', 'k1,,,') }))
    expect(rejectsOf(lines).map(({ file, code, reference }) => [file, code, reference])).toEqual([
      ['classes', 'required-missing', null],
      ['enrollments', 'reference-unresolved', 'k1'],
      ['enrollments', 'reference-unresolved', 'k1'],
    ])
  })

  test('of a list loses only the references that do not resolve', async () => {
    const users = 'x,,,true,Given,Family,,"g1, g9,,not an id,g1"'
    const lines = await readFeed(await zipFiles(addLine('users', users)))
    expect(lines.flatMap(({ rows }) => rows).filter((row) => row.kind === 'guardian-link' && row.userSourcedId === 'x')).toEqual([
      { kind: 'guardian-link', userSourcedId: 'x', agentSourcedId: 'g1' },
    ])
    expect(rejectsOf(lines).map(({ code, reference }) => [code, reference])).toEqual([
      ['reference-unresolved', 'g9'],
      ['id-malformed', null],
    ])
    const section = await readFeed(await zipFiles(addLine('classes', 'x,,,Section,c1,s1,"y,y9"')))
    expect(section.flatMap(({ rows }) => rows)).toContainEqual(expect.objectContaining({ sourcedId: 'x', termSourcedIds: ['y'] }))
  })

  test('cannot hide a row within a quoted field', async () => {
    const hidden = 'x,,,true,"Given\nh,,,true,Hidden,Row,,u1\nh,,,true,Hidden,Row,,u1\n",Family,,'
    const lines = await readFeed(await zipFiles(addLine('users', hidden)))
    expect(isTaken(lines, 'h')).toBe(false)
    expect(rejectsOf(lines)).toHaveLength(4)
  })
})

type NoteCase = { file: TakenFile; line: string; code: NoteCode; isTaken: boolean }

const noteCases: NoteCase[] = [
  { file: 'users', line: 'u2,tobedeleted,,,,,,', code: 'deleted-in-bulk', isTaken: true },
  { file: 'users', line: 'x,inactive,,,,,,', code: 'deleted-in-bulk', isTaken: true },
  { file: 'enrollments', line: 'x,,,k1,s1,u1,proctor,,', code: 'role-connects-nobody', isTaken: false },
  { file: 'enrollments', line: 'x,,,k1,s1,u1,ext:mentor,,', code: 'role-connects-nobody', isTaken: false },
  { file: 'roles', line: 'x,,,u1,primary,ext:mentor,s1', code: 'role-not-known', isTaken: false },
  { file: 'enrollments', line: 'x,,,k1,s1,u1,student,2026-09-01,2026-09-01', code: 'period-empty', isTaken: false },
  { file: 'users', line: '', code: 'line-blank', isTaken: false },
  { file: 'users', line: 'x,active,2026-08-24,true,Given,Family,,', code: 'status-in-bulk', isTaken: true },
]

describe('a line that is understood', () => {
  test('has no note that is not shown here', () => {
    expect(new Set(noteCases.map(({ code }) => code))).toEqual(new Set(Object.keys(noteCodes)))
  })

  test.each(noteCases)('is noted and not rejected: $code in $file, $line', async ({ file, line, code, isTaken }) => {
    const lines = await readFeed(await zipFiles(addLine(file, line)))
    expect(rejectsOf(lines)).toEqual([])
    const noted = lines.filter(({ notes }) => notes.length > 0)
    expect(noted.map(({ notes, rows }) => ({ notes, isTaken: rows.length > 0 }))).toEqual([{ notes: [code], isTaken }])
  })
})

const lead = 'sourcedId,status,dateLastModified'
const moment = '2026-09-01T06:00:00.000Z'

const readEnrollments = async (rows: string) => {
  const files = { enrollments: `${lead},classSourcedId,userSourcedId,role\n${rows}\n` }
  return readFeed(await zipFiles(files, { mode: 'delta' }))
}

describe('a delta', () => {
  test('is taken without knowing what it refers to', async () => {
    const lines = await readEnrollments(`x,active,${moment},k,u,student`)
    expect(lines.flatMap(({ rows }) => rows)).toEqual([
      { kind: 'enrollment', sourcedId: 'x', sectionSourcedId: 'k', userSourcedId: 'u', role: 'student', begins: null, ends: null },
    ])
  })

  test.each([
    ['', moment, 'status', 'required-missing'],
    ['active', '', 'dateLastModified', 'required-missing'],
    ['active', '2026-09-01', 'dateLastModified', 'date-time-malformed'],
    ['active', '2026-02-30T06:00:00Z', 'dateLastModified', 'date-time-malformed'],
  ])('needs a status and a moment: "%s" at "%s" is rejected', async (status, at, column, code) => {
    expect(rejectsOf(await readEnrollments(`x,${status},${at},k,u,student`))).toMatchObject([{ column, code }])
  })

  test.each(['tobedeleted', 'inactive'])('removes with an id and nothing more: %s', async (status) => {
    const lines = await readEnrollments(`x,${status},,,,`)
    expect(lines).toMatchObject([{ rows: [{ kind: 'removal', sourcedId: 'x' }], rejects: [] }])
  })

  test('never loses a removal to another row of the same id, whichever comes first', async () => {
    const lines = await readEnrollments(
      `x,active,${moment},k,u,student\nx,tobedeleted,${moment},k,u,student\nx,active,${moment},k,u,student`,
    )
    expect(lines.map(({ rows, rejects }) => [rows[0]?.kind, rejects[0]?.code])).toEqual([
      ['enrollment', undefined],
      ['removal', undefined],
      [undefined, 'id-duplicate'],
    ])
  })
})
