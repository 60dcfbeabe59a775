import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { fetchFailures, refusals } from '../clients/guardedFetch/fetchFault.ts'
import { providerFaults } from '../clients/oneroster/rest/providerFault.ts'
import { columnsOf } from '../domain/roster/columns.ts'
import { feedVersions, takenFiles } from '../domain/roster/feedFiles.ts'
import { findingCodes } from '../domain/roster/feedReport.ts'
import { pullFaults } from '../domain/roster/pullFaults.ts'
import { noteCodes, rejectCodes } from '../domain/roster/rejectCodes.ts'
import { unreadableCodes } from '../domain/roster/unreadable.ts'

const page = readFileSync(new URL('roster-feeds.md', import.meta.url), 'utf8')

/** The first cells of the table below a heading, and how many of its rows say nothing. */
const codesUnder = (heading: string): string[] => {
  const section = page.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? ''
  return [...section.matchAll(/^\| `([a-z0-9-]+)` \| \S.*\|$/gm)].map(([, code = '']) => code)
}

it.each([
  ['When a feed cannot be read', unreadableCodes],
  ['When a line is rejected', rejectCodes],
  ['Notes', noteCodes],
  ['What looks wrong', findingCodes],
])('the page for districts explains every code once, and no other: %s', (heading, codes) => {
  expect(codesUnder(heading).toSorted()).toEqual(Object.keys(codes).toSorted())
})

it('the page for districts names every column that is taken', () => {
  const table = page.split('## What is taken')[1]?.split('## ')[0] ?? ''
  const rows = new Map(
    [...table.matchAll(/^\| (\w+)\.csv(?:, (1\.[12]))?.*$/gm)].map(([row, file = '', version = '']) => [file + version, row]),
  )
  const unnamed = feedVersions.flatMap((version) =>
    takenFiles.flatMap((file) => {
      const { required, optional } = columnsOf(file, version)
      const row = rows.get(file) ?? rows.get(file + version) ?? rows.get(`${file}1.2`) ?? ''
      return [...required, ...optional].filter((column) => !new RegExp(`\\b${column}\\b`).test(row))
    }),
  )
  expect(unnamed).toEqual([])
})

it('the page for districts names every code that may end a fetch, once, and no other', () => {
  const section = page.split(/^## /m).find((part) => part.startsWith('Fetched instead of sent\n')) ?? ''
  const rows = [...section.matchAll(/^\| (`[^|]*`) \| \S.*\|$/gm)].map(([, codes = '']) => codes)
  const named = rows.flatMap((codes) => [...codes.matchAll(/`([a-z-]+)`/g)].map(([, code = '']) => code))
  expect(named.toSorted()).toEqual(Object.keys(pullFaults).toSorted())
})

it('the district is told how to mend every code that may end a fetch, and no other', () => {
  expect(Object.keys(pullFaults).toSorted()).toEqual(Object.keys({ ...providerFaults, ...refusals, ...fetchFailures }).toSorted())
})
