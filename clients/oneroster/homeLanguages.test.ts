import { expect, test } from 'vitest'
import { feedVersions, type FeedVersion } from '../../domain/roster/feedFiles.ts'
import { homeLanguageColumn } from '../../domain/roster/metadataSources.ts'
import { toRejectLine } from '../../domain/roster/toRejectLine.ts'
import { createBulkFiles, zipFiles } from '../../test/support/feedFiles.ts'
import { readFeed } from '../../test/support/readFeed.ts'

/** People without a fault, who have these words in a column each. */
const toUsers = (version: FeedVersion, columns: Readonly<Record<string, readonly string[]>>, lead = ''): string => {
  const [head, one] = version === '1.1' ? ['orgSourcedIds,role,', 's1,student,'] : ['', '']
  const people = (Object.values(columns)[0] ?? []).map(
    (_, index) =>
      `p${index},${lead === '' ? ',' : lead},true,${one}Given,Family,${Object.values(columns)
        .map((words) => words[index])
        .join()}`,
  )
  return `sourcedId,status,dateLastModified,enabledUser,${head}givenName,familyName,${Object.keys(columns).join()}\n${people.join('\n')}\n`
}

type Reading = { languageColumn?: `metadata.${string}` | null; mode?: 'bulk' | 'delta' }

const read = async (version: FeedVersion, users: string, { languageColumn = homeLanguageColumn, mode = 'bulk' }: Reading = {}) => {
  const { orgs = '' } = createBulkFiles(version)
  const files = mode === 'bulk' ? { orgs, users } : { users }
  const lines = await readFeed(await zipFiles(files, { version, mode }), { languageColumn })
  return {
    languages: lines.flatMap(({ rows }) => rows).flatMap((row) => (row.kind === 'user' ? [row.language] : [])),
    rejects: lines.flatMap(({ rejects }) => rejects),
  }
}

const words = ['es', 'SPA', 'Spanish; Castilian', 'vi-VN', ' Haitian Creole ', '']
const tags = ['es', 'es', 'es', 'vi-VN', 'ht', null]

test.each(feedVersions)('a feed of version %s tells the language of people as systems write it', async (version) => {
  const users = toUsers(version, { 'metadata.homeLanguage': words })
  expect(await read(version, users)).toEqual({ languages: tags, rejects: [] })
  const changed = toUsers(version, { 'metadata.homeLanguage': words }, 'active,2026-09-01T06:00:00.000Z')
  expect(await read(version, changed, { mode: 'delta' })).toEqual({ languages: tags, rejects: [] })
})

test.each(feedVersions)(
  'whoever has a language that nobody knows is taken without it, and the report of a feed of version %s says so',
  async (version) => {
    const users = toUsers(version, { 'metadata.homeLanguage': ['Quuxish', 'English / Spanish', 'es'] })
    const { languages, rejects } = await read(version, users)
    expect(languages).toEqual([null, null, 'es'])
    expect(rejects.map(({ line, sourcedId, column, code }) => [line, sourcedId, column, code])).toEqual([
      [2, 'p0', 'metadata.homeLanguage', 'language-unknown'],
      [3, 'p1', 'metadata.homeLanguage', 'language-unknown'],
    ])
    expect(rejects.map(toRejectLine).join()).not.toMatch(/Quux|Spanish/)
  },
)

test('the language of a feed of thousands of words that are none is told line by line, and nobody is missing', async () => {
  const many = Array.from({ length: 2_000 }, (_, index) => (index % 2 === 0 ? `word ${index}` : 'Spanish'))
  const { languages, rejects } = await read('1.2', toUsers('1.2', { 'metadata.homeLanguage': many }))
  expect(languages).toEqual(many.map((word) => (word === 'Spanish' ? 'es' : null)))
  expect(rejects).toHaveLength(1_000)
})

test('another column than the one that the district names is not taken, and none where it says none', async () => {
  const users = toUsers('1.2', { 'metadata.homeLanguage': ['es'], 'metadata.correspondence': ['vi'] })
  expect(await read('1.2', users, { languageColumn: 'metadata.correspondence' })).toEqual({ languages: ['vi'], rejects: [] })
  expect(await read('1.2', users, { languageColumn: null })).toEqual({ languages: [null], rejects: [] })
  expect(await read('1.2', toUsers('1.2', { 'metadata.other': ['es'] }))).toEqual({ languages: [null], rejects: [] })
})
