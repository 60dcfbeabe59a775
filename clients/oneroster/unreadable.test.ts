import { describe, expect, test } from 'vitest'
import { buffer } from 'node:stream/consumers'
import { Readable } from 'node:stream'
import { ZipFile } from 'yazl'
import { makeEncryptedZip } from '../../demo/corpus/makeHostileZip.ts'
import { makeZip } from '../../demo/corpus/makeZip.ts'
import { unreadableCodes } from '../../domain/roster/unreadable.ts'
import type { FeedUnreadable, UnreadableAt, UnreadableCode } from '../../domain/roster/unreadable.ts'
import { createBulkFiles, zipFiles } from '../../test/support/feedFiles.ts'
import type { FeedFiles } from '../../test/support/feedFiles.ts'
import { tryFeed } from '../../test/support/readFeed.ts'
import { createIdIndex } from './createIdIndex.ts'
import { readFile } from './readFile.ts'

const sound = (): Record<string, string> => createBulkFiles('1.2') as Record<string, string>
const withFile = (file: string, content: string | Buffer): Promise<Buffer> => zipFiles({ ...sound(), [file]: content })
const edit = (file: string, from: string, to: string): Promise<Buffer> => withFile(file, (sound()[file] ?? '').replace(from, to))
const withManifest = (manifest: string | null): Promise<Buffer> => zipFiles({}, { manifest })
const lines = (...all: string[]): string => all.map((line) => `${line}\n`).join('')
const properties = (...more: string[]): string => lines('propertyName,value', 'manifest.version,1.0', 'oneroster.version,1.2', ...more)

/** Another name of the same length, wherever the name stands: what a zip library refuses to write. */
const rename = (zip: Buffer, from: string, to: string): Buffer => Buffer.from(zip.toString('latin1').replaceAll(from, to), 'latin1')

const makeLink = async (): Promise<Buffer> => {
  const zip = new ZipFile()
  zip.addBuffer(Buffer.from('/etc/passwd'), 'manifest.csv', { mode: 0o120777 })
  zip.end()
  return buffer(Readable.from(zip.outputStream))
}

/** Says of each file in the directory that it is this long. */
const declareBytes = (zip: Buffer, bytes: number): Buffer => {
  const changed = Buffer.from(zip)
  for (let at = changed.indexOf('PK\u0001\u0002'); at !== -1; at = changed.indexOf('PK\u0001\u0002', at + 1)) {
    changed.writeUInt32LE(8, at + 10)
    changed.writeUInt32LE(bytes, at + 24)
  }
  return changed
}

const manyRows = (damaged: number): string =>
  lines(
    'sourcedId,status,dateLastModified,title',
    ...Array.from({ length: 100 }, (_, index) => (index < damaged ? `c${index},,` : `c${index + 1},,,Title`)),
  )

type Case = [what: string, code: UnreadableCode, at: UnreadableAt, zip: () => Promise<Buffer>]

const cases: Case[] = [
  ['no zip', 'zip-damaged', {}, async () => Buffer.from('sourcedId,status\n')],
  ['a zip without its end', 'zip-damaged', {}, async () => (await zipFiles(sound())).subarray(0, -30)],
  [
    'a byte of a file changed',
    'zip-damaged',
    { file: 'orgs.csv' },
    async () => rename(await zipFiles(sound(), { stored: true }), 'Invented School', 'Invented Schoal'),
  ],
  [
    'a path that leaves the folder',
    'zip-entry-path',
    {},
    async () => rename(await withFile('xxxusers', ''), 'xxxusers.csv', '../users.csv'),
  ],
  ['an absolute path', 'zip-entry-path', {}, async () => rename(await withFile('xusers', ''), 'xusers.csv', '/users.csv')],
  ['a path of Windows', 'zip-entry-path', {}, async () => rename(await withFile('xxusers', ''), 'xxusers.csv', String.raw`x\users.csv`)],
  ['a folder', 'zip-entry-path', {}, () => makeZip([{ path: 'feed/manifest.csv', content: properties() }])],
  ['a hidden file', 'zip-entry-path', {}, () => makeZip([{ path: '.DS_Store', content: '' }])],
  ['a link', 'zip-entry-not-a-file', {}, makeLink],
  ['a password', 'zip-entry-encrypted', {}, async () => makeEncryptedZip([{ path: 'manifest.csv', content: Buffer.from(properties()) }])],
  ['a file twice', 'zip-entry-duplicate', {}, async () => rename(await withFile('userx', 'x'), 'userx.csv', 'users.csv')],
  ['a file twice but for case', 'zip-entry-duplicate', {}, async () => rename(await withFile('userx', 'x'), 'userx.csv', 'USERS.csv')],
  [
    'too many files',
    'zip-too-many-entries',
    {},
    () => zipFiles(Object.fromEntries(Array.from({ length: 64 }, (_, index) => [`file${index}`, '']))),
  ],
  ['more than two gigabytes', 'zip-too-large', {}, async () => declareBytes(await zipFiles(sound()), 2 ** 32 - 16)],
  ['a bomb', 'zip-packed-too-well', {}, () => withFile('courses', '0'.repeat(4 * 2 ** 20))],
  ['a file longer than the zip says', 'zip-damaged', { file: 'manifest.csv' }, async () => declareBytes(await zipFiles(sound()), 9)],
  ['no manifest', 'manifest-missing', {}, () => zipFiles(sound(), { manifest: null })],
  ['another header of the manifest', 'manifest-header', { file: 'manifest.csv', line: 1 }, () => withManifest('propertyName, value\n')],
  ['an empty manifest', 'manifest-header', { file: 'manifest.csv', line: 1 }, () => withManifest('')],
  ['a property twice', 'manifest-row', { file: 'manifest.csv', line: 4 }, () => withManifest(properties('oneroster.version,1.1'))],
  ['a property of three parts', 'manifest-row', { file: 'manifest.csv', line: 4 }, () => withManifest(properties('file.users,bulk,'))],
  ['a manifest with a stray quote', 'manifest-row', { file: 'manifest.csv', line: 4 }, () => withManifest(properties('file.users,b"ulk'))],
  [
    'an endless manifest',
    'manifest-row',
    { file: 'manifest.csv', line: 1_001 },
    () => withManifest(properties(...Array.from({ length: 2_000 }, (_, index) => `source.p${index},x`))),
  ],
  [
    'a manifest with an endless line',
    'manifest-row',
    { file: 'manifest.csv', line: 4 },
    () => withManifest(properties(`source.p,${'x'.repeat(2_000)}`)),
  ],
  ['another version', 'manifest-version', { file: 'manifest.csv' }, () => withManifest(properties().replace('1.2', '2.0'))],
  ['no version', 'manifest-version', { file: 'manifest.csv' }, () => withManifest('propertyName,value\n')],
  [
    'a file that OneRoster does not have',
    'manifest-file-unknown',
    { file: 'manifest.csv', line: 4 },
    () => withManifest(properties('file.user,bulk')),
  ],
  ['roles in 1.1', 'manifest-file-unknown', { file: 'manifest.csv', line: 10 }, () => zipFiles(sound(), { version: '1.1' })],
  ['another mode', 'manifest-mode', { file: 'manifest.csv', line: 4 }, () => withManifest(properties('file.users,full'))],
  ['a file that is named and not there', 'file-missing', { file: 'users.csv' }, () => withManifest(properties('file.users,bulk'))],
  ['a file that is there and not named', 'file-extra', { file: 'orgs.csv' }, () => zipFiles({ orgs: '' }, { manifest: properties() })],
  [
    'a file that is absent and there',
    'file-extra',
    { file: 'orgs.csv' },
    () => zipFiles({ orgs: '' }, { manifest: properties('file.orgs,absent') }),
  ],
  ['a file of no known name', 'file-extra', {}, () => zipFiles({ anything: '' }, { manifest: properties() })],
  ['demographics in the manifest', 'file-refused', { file: 'demographics.csv' }, () => withManifest(properties('file.demographics,delta'))],
  [
    'demographics in the zip',
    'file-refused',
    { file: 'demographics.csv' },
    () => zipFiles({ demographics: 'x' }, { manifest: properties() }),
  ],
  [
    'another encoding',
    'not-utf-8',
    { file: 'courses.csv', line: 2 },
    () => withFile('courses', Buffer.from('sourcedId,title\nc1,Fran\u00E7ais\n', 'latin1')),
  ],
  ['UTF-16', 'not-utf-8', { file: 'courses.csv', line: 1 }, () => withFile('courses', Buffer.from('\uFEFFsourcedId,title\n', 'utf16le'))],
  [
    'the start of a letter at the end',
    'not-utf-8',
    { file: 'courses.csv', line: 2 },
    () => withFile('courses', Buffer.from([...Buffer.from('sourcedId,title\nc1,'), 0xc3])),
  ],
  ['no line breaks', 'line-too-long', { file: 'courses.csv', line: 1 }, () => withFile('courses', 'sourcedId,title,'.repeat(5_000))],
  ['an empty file', 'header-missing', { file: 'courses.csv' }, () => withFile('courses', '')],
  ['an empty first line', 'header-missing', { file: 'courses.csv', line: 1 }, () => edit('courses', 'sourcedId', '\nsourcedId')],
  [
    'a typo in a header',
    'header-column-unknown',
    { file: 'users.csv', line: 1, column: 8, columnName: 'agentSourcedIds' },
    () => edit('users', 'agentSourcedIds', 'agentSourcedId'),
  ],
  [
    'an invisible letter in a header',
    'header-column-unknown',
    { file: 'courses.csv', line: 1, column: 4, columnName: 'title' },
    () => edit('courses', 'title', '\u200Btitle'),
  ],
  [
    'a blank in a header',
    'header-column-unknown',
    { file: 'courses.csv', line: 1, column: 4, columnName: 'title' },
    () => edit('courses', 'title', 'title '),
  ],
  [
    'another case in a header',
    'header-column-unknown',
    { file: 'courses.csv', line: 1, column: 4, columnName: 'title' },
    () => edit('courses', 'title', 'Title'),
  ],
  [
    'a second byte-order mark',
    'header-column-unknown',
    { file: 'courses.csv', line: 1, column: 1, columnName: 'sourcedId' },
    () => edit('courses', 'sourcedId', '\uFEFF\uFEFFsourcedId'),
  ],
  [
    'a row instead of a header',
    'header-column-unknown',
    { file: 'courses.csv', line: 1, column: 1 },
    () => edit('courses', 'sourcedId,status,dateLastModified,title\n', ''),
  ],
  [
    'a column of 1.1 in 1.2',
    'header-column-unknown',
    { file: 'users.csv', line: 1, column: 8 },
    () => edit('users', 'agentSourcedIds', 'orgSourcedIds'),
  ],
  [
    'a column that is missing',
    'header-column-missing',
    { file: 'courses.csv', line: 1, columnName: 'title' },
    () => edit('courses', 'title', 'courseCode'),
  ],
  [
    'a delta without status',
    'header-column-missing',
    { file: 'courses.csv', line: 1, columnName: 'status' },
    () => zipFiles({ courses: 'sourcedId,title\n' }, { mode: 'delta' }),
  ],
  [
    'a column twice',
    'header-column-duplicate',
    { file: 'courses.csv', line: 1, column: 4, columnName: 'status' },
    () => edit('courses', 'title', 'status'),
  ],
  [
    'only a header in a bulk file',
    'rows-missing',
    { file: 'enrollments.csv' },
    async () => withFile('enrollments', `${(sound()['enrollments'] ?? '').split('\n')[0]}\n`),
  ],
  [
    'a bulk file of removals only',
    'rows-missing',
    { file: 'courses.csv' },
    () => withFile('courses', 'sourcedId,status,title\nc1,tobedeleted,\n'),
  ],
  ['six short lines in a hundred', 'rows-damaged', { file: 'courses.csv' }, () => withFile('courses', manyRows(6))],
]

describe('a feed that cannot be understood', () => {
  test('has no code that is not shown here', () => {
    const elsewhere: UnreadableCode[] = ['rows-too-many']
    expect(new Set([...cases.map(([, code]) => code), ...elsewhere])).toEqual(new Set(Object.keys(unreadableCodes)))
  })

  test.each(cases)('is refused as a whole: %s is %s', async (_, code, at, zip) => {
    const refused = (await tryFeed(await zip())) as FeedUnreadable
    expect({ code: refused.code, at: refused.at }).toEqual({ code, at })
    expect(refused.mend).toBe(unreadableCodes[code])
  })

  test('says nothing of what stands in it', async () => {
    const row = 'p-1,,,true,Zebulon,Quillfeather,zq@example.org,\n'
    const refused = (await tryFeed(await withFile('users', row))) as FeedUnreadable
    expect(`${refused.message} ${JSON.stringify(refused.at)}`).not.toMatch(/Zebulon|Quillfeather|example/)
  })

  test('has more rows than any district', async () => {
    const chunks = Readable.from([Buffer.from('sourcedId,title\n'), Buffer.from('a,A\nb,B\nc,C\n')])
    const spec = {
      file: 'courses',
      version: '1.2',
      mode: 'bulk',
      custody: null,
      languageColumn: null,
      toLanguage: () => null,
      hasId: () => true,
      taken: createIdIndex(),
    } as const
    const readAll = async (): Promise<void> => {
      for await (const lines of readFile(chunks, spec, 2)) void lines
    }
    await expect(readAll()).rejects.toMatchObject({ code: 'rows-too-many' })
  })
})

const prefixed = (mark: string): FeedFiles => Object.fromEntries(Object.entries(sound()).map(([name, text]) => [name, `${mark}${text}`]))

describe('a feed that can be understood', () => {
  const readable: [string, () => Promise<Buffer>][] = [
    ['five short lines in a hundred', () => zipFiles({ courses: manyRows(5) })],
    ['one byte-order mark in each file', () => zipFiles(prefixed('\uFEFF'))],
    ['CR LF', () => zipFiles(Object.fromEntries(Object.entries(sound()).map(([name, text]) => [name, text.replaceAll('\n', '\r\n')])))],
    ['no line break at the end', () => zipFiles(Object.fromEntries(Object.entries(sound()).map(([name, text]) => [name, text.trimEnd()])))],
    [
      'a manifest with a byte-order mark',
      () => zipFiles({ courses: 'sourcedId,title\nc,T\n' }, { manifest: `\uFEFF${properties('file.courses,bulk')}` }),
    ],
    ['a delta with a header only', () => zipFiles({ courses: 'sourcedId,status,dateLastModified,title\n' }, { mode: 'delta' })],
    ['files that Hallpass does not open', () => zipFiles({ ...sound(), results: 'whatever', userProfiles: '' })],
    ['every column quoted', () => zipFiles({ courses: '"sourcedId","title"\n"c","A ""quoted"" title, with a comma"\n' })],
    ['columns of the district’s own', () => zipFiles({ courses: 'sourcedId,metadata.any,title\nc,x,T\n' })],
  ]

  test.each<[string, (text: string) => FeedFiles[string]]>([
    ['one byte-order mark in each file', (text) => `\uFEFF${text}`],
    ['CR LF', (text) => text.replaceAll('\n', '\r\n')],
    ['no line break at the end', (text) => text.trimEnd()],
  ])('is the very same feed with %s', async (_, write) => {
    const written = Object.fromEntries(Object.entries(sound()).map(([name, text]) => [name, write(text)]))
    expect(await tryFeed(await zipFiles(written))).toEqual(await tryFeed(await zipFiles(sound())))
  })

  test.each(readable)('is read: %s', async (_, zip) => {
    const read = await tryFeed(await zip())
    expect(read).toBeInstanceOf(Array)
  })
})
