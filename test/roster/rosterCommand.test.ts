import { spawn } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { packFeed } from '../../demo/roster/packFeed.ts'
import { toFeedTables } from '../../demo/roster/toFeedTables.ts'
import { createNeighbourRoster } from '../../demo/sampleRoster.ts'
import { createBulkFiles, zipFiles } from '../support/feedFiles.ts'
import { withFeedFile } from '../support/readFeed.ts'

const main = fileURLToPath(new URL('../../deploy/rosterMain.ts', import.meta.url))
const custody = ['--custody-column', 'metadata.custody', '--custody-permitted', 'yes', '--custody-denied', 'no']

/** The environment is empty: the command asks no server, so it needs no address of one. */
const run = async (...args: string[]): Promise<{ code: number | null; out: string; err: string }> => {
  const child = spawn(process.execPath, [main, ...args], { env: {}, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('close', resolve)
    child.once('error', reject)
  })
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  return { code, out, err }
}

describe('npm run roster -- check', () => {
  it('says of a sound feed what would be taken in, and names nobody', async () => {
    const roster = createNeighbourRoster('2026-10-05')
    await withFeedFile(await packFeed(toFeedTables(roster, '1.2'), '1.2'), async (path) => {
      const { code, out, err } = await run('check', path, '--json', ...custody)
      expect({ code, err }).toEqual({ code: 0, err: '' })
      expect(JSON.parse(out)).toMatchObject({
        readable: true,
        version: '1.2',
        rows: { user: roster.users.length, enrollment: roster.enrollments.length, 'guardian-link': roster.guardianships.length },
        rejects: [],
      })
      const printed = out + (await run('check', path)).out
      const known = roster.users.flatMap((user) => [user.familyName, user.email ?? user.familyName, user.sourcedId])
      expect(known.filter((value) => new RegExp(`\\b${value}\\b`).test(printed))).toEqual([])
    })
  })

  it('writes rejects with lines and ids, and no name, to a new file that only its owner reads', async () => {
    const files = createBulkFiles('1.2') as Record<string, string>
    const enrollments = `${files['enrollments']}-9,,,k1,s1,u9,student,,\n`
    const users = `${files['users']}x,,,maybe,Zebulon,Quillfeather,,\n`
    await withFeedFile(await zipFiles({ ...files, users, enrollments }), async (path, folder) => {
      const rejects = join(folder, 'rejects.csv')
      const first = await run('check', path, '--rejects', rejects)
      expect(first.code).toBe(0)
      expect(first.out).toMatch(/1 {2}enrollments\.csv {2}userSourcedId {2}reference-unresolved/)
      expect((await readFile(rejects, 'utf8')).split('\r\n')).toEqual([
        'file,line,column,code,reason,sourcedId,reference',
        '"users.csv","6","enabledUser","value-unknown","is none of the words that OneRoster has for it","x",""',
        `"enrollments.csv","4","userSourcedId","reference-unresolved","refers to an id that no line taken from this feed has","'-9","u9"`,
        '',
      ])
      expect((await stat(rejects)).mode & 0o777).toBe(0o600)
      const again = await run('check', path, '--rejects', rejects)
      expect({ code: again.code, out: again.out }).toEqual({ code: 2, out: '' })
      expect(first.out + again.err).not.toMatch(/Zebulon|Quillfeather/)
    })
  })

  it('says of a feed that cannot be read one code, where, and a mend', async () => {
    const users = (createBulkFiles('1.2') as Record<string, string>)['users']?.replace('agentSourcedIds', 'agentSourcedId') ?? ''
    await withFeedFile(await zipFiles({ users }), async (path) => {
      const { code, out } = await run('check', path)
      expect(code).toBe(1)
      expect(out).toContain('header-column-unknown: users.csv, line 1, column 8, probably agentSourcedIds\n  mend: ')
      const json = JSON.parse((await run('check', path, '--json')).out)
      expect(json).toMatchObject({ readable: false, code: 'header-column-unknown', at: { column: 8 } })
    })
  })

  it.concurrent.each([
    [['check']],
    [['check', 'a.zip', 'b.zip']],
    [['check', 'a.zip', '--apply']],
    [['check', 'no-such.zip']],
    [['check', 'a.zip', '--custody-permitted', 'yes']],
    [['check', 'a.zip', '--custody-column', 'role', '--custody-permitted', 'yes']],
  ])('refuses what it does not understand: %j', async (args) => {
    const { code, out, err } = await run(...args)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(/^hallpass: /)
  })
})
