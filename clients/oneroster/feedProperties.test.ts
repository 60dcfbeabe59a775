import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { packFeed, toCsv } from '../../demo/roster/packFeed.ts'
import { sampleCustody, toFeedTables } from '../../demo/roster/toFeedTables.ts'
import type { FeedTables } from '../../demo/roster/toFeedTables.ts'
import { createNeighbourRoster } from '../../demo/sampleRoster.ts'
import { FeedUnreadable } from '../../domain/roster/unreadable.ts'
import { createBulkFiles, zipFiles } from '../../test/support/feedFiles.ts'
import { readFeed, tryFeed } from '../../test/support/readFeed.ts'
import type { FeedLine } from './readFile.ts'
import { splitFields } from './splitFields.ts'

const id = fc.stringMatching(/^[0-9A-Za-z./@_-]{1,12}$/)
/** What a title may hold: every letter there is, commas and quotation marks more often than chance would have it. */
const text = fc
  .array(fc.oneof(fc.constantFrom(',', '"', "'", ' ', '=', ';'), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 4 })), {
    minLength: 1,
    maxLength: 8,
  })
  .map((parts) => parts.join('').trim())
  .filter((written) => written !== '' && !/[\p{Cc}\u2028\u2029]/u.test(written))
const rosterText = fc.uniqueArray(fc.tuple(id, text), { selector: ([of]) => of, minLength: 1, maxLength: 20 })

const lead = ['sourcedId', 'status', 'dateLastModified']
const outcomes = (lines: readonly FeedLine[]) => ({
  taken: lines.filter(({ rows }) => rows.length > 0).length,
  rejected: lines.filter(({ rows, rejects }) => rows.length === 0 && rejects.length > 0).length,
  leftOut: lines.filter(({ rows, rejects, notes }) => rows.length === 0 && rejects.length === 0 && notes.length > 0).length,
})

describe('what is written as a feed', () => {
  test('is read back the same, whatever people and courses are called', async () => {
    await fc.assert(
      fc.asyncProperty(rosterText, async (courses) => {
        const tables: FeedTables = { courses: [[...lead, 'title'], ...courses.map(([sourcedId, title]) => [sourcedId, '', '', title])] }
        const lines = await readFeed(await packFeed(tables, '1.2'))
        expect(lines.flatMap(({ rows }) => rows)).toEqual(courses.map(([sourcedId, title]) => ({ kind: 'course', sourcedId, title })))
      }),
      { numRuns: 60 },
    )
  })

  test.each(['1.1', '1.2'] as const)('from a district’s roster is read back as that roster: %s', async (version) => {
    const roster = createNeighbourRoster('2026-10-05')
    const lines = await readFeed(await packFeed(toFeedTables(roster, version), version), { custody: sampleCustody })
    const rows = lines.flatMap((line) => line.rows)
    expect(lines.flatMap(({ rejects, notes }) => [...rejects, ...notes])).toEqual([])
    const sourcedIdOf = new Map(roster.users.map((user) => [user.id, user.sourcedId]))
    const custodyOf = new Map(roster.guardianships.map((link) => [link.guardianId, link.custody]))
    expect(rows.filter((row) => row.kind === 'user').map((row) => [row.sourcedId, row.givenName, row.email, row.custody])).toEqual(
      roster.users.map((user) => [user.sourcedId, user.givenName, user.email, custodyOf.get(user.id) ?? 'unknown']),
    )
    expect(new Set(rows.filter((row) => row.kind === 'guardian-link').map((row) => `${row.userSourcedId} ${row.agentSourcedId}`))).toEqual(
      new Set(roster.guardianships.map((link) => `${sourcedIdOf.get(link.studentId)} ${sourcedIdOf.get(link.guardianId)}`)),
    )
    expect(rows.filter((row) => row.kind === 'enrollment').map((row) => [row.userSourcedId, row.role, row.begins])).toEqual(
      roster.enrollments.map((row) => [sourcedIdOf.get(row.userId), row.role, row.begins]),
    )
    expect(rows.filter((row) => row.kind === 'role').map((row) => row.role)).toEqual(roster.users.map((user) => user.role))
  })

  test('is split into the fields that a parser of RFC 4180 sees', () => {
    const anyCell = fc.oneof(text, fc.constantFrom('', '"', '""', ',', '",', 'a"b'))
    fc.assert(
      fc.property(fc.array(anyCell, { minLength: 1, maxLength: 8 }), fc.boolean(), (cells, isAllQuoted) => {
        const line = isAllQuoted ? cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',') : toCsv([cells]).trimEnd()
        fc.pre(line !== '')
        expect(splitFields(line, { isInQuotes: false })).toEqual({ fields: parse(line)[0], isInQuotes: false })
      }),
      { numRuns: 2_000 },
    )
  })

  test('is never split where that parser refuses to', () => {
    const soup = fc.array(fc.constantFrom('a', ',', '"', ' '), { minLength: 1, maxLength: 12 }).map((parts) => parts.join(''))
    fc.assert(
      fc.property(soup, (line) => {
        const split = splitFields(line, { isInQuotes: false })
        let expected: string[] | undefined
        try {
          expected = parse(line)[0]
        } catch {
          expected = undefined
        }
        expect('fields' in split ? split.fields : undefined).toEqual(expected)
      }),
      { numRuns: 5_000 },
    )
  })
})

/** The lines below the header, counted without the reader's help. */
const countLines = (bytes: Buffer): number => {
  const breaks = bytes.filter((byte) => byte === 0x0a).length
  return breaks - (bytes.at(-1) === 0x0a ? 1 : 0)
}

const users = Buffer.from(createBulkFiles('1.2')['users'] ?? '')
const filler = Array.from({ length: 40 }, (_, index) => `p${index},,,true,"Given, ""G""",Family,,\n`).join('')
const original = Buffer.concat([users, Buffer.from(filler)])
const expectAllAccountedFor = async (bytes: Buffer): Promise<void> => {
  const read = await tryFeed(await zipFiles({ users: bytes }))
  if (read instanceof FeedUnreadable) return
  const { taken, rejected, leftOut } = outcomes(read)
  expect(taken + rejected + leftOut).toBe(countLines(bytes))
  expect(read.map(({ line }) => line)).toEqual(Array.from({ length: countLines(bytes) }, (_, index) => index + 2))
}

describe('a feed that was damaged', () => {
  test('in one byte of a file loses no line silently: each is taken, rejected or left out, or nothing is read', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(original.length - 1), fc.nat(255), async (at, byte) => {
        const bytes = Buffer.from(original)
        bytes[at] = byte
        await expectAllAccountedFor(bytes)
      }),
      { numRuns: 200, examples: [...Array(8).keys()].map((at) => [at * 40 + 90, 0x22]) },
    )
  })

  test('by a file that breaks off loses no line silently', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(original.length), async (length) => expectAllAccountedFor(original.subarray(0, length))),
      { numRuns: 200 },
    )
  })

  test('in one byte of the zip, or cut, is unreadable or reads the very same', async () => {
    const zip = await zipFiles({ users: original })
    const sound = await readFeed(zip)
    const isSame = async (bytes: Buffer): Promise<void> => {
      const read = await tryFeed(bytes)
      expect(read instanceof FeedUnreadable ? sound : read).toEqual(sound)
    }
    await fc.assert(
      fc.asyncProperty(fc.nat(zip.length - 1), fc.nat(255), async (at, byte) => {
        const bytes = Buffer.from(zip)
        bytes[at] = byte
        await isSame(bytes)
        await isSame(zip.subarray(0, at))
      }),
      { numRuns: 200 },
    )
  })
})
