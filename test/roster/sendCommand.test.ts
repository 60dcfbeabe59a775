import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'
import type { RosterSyncView } from '../../api/schemas/rosterSyncSchema.ts'
import { createObjectBucket } from '../../clients/s3/createObjectBucket.ts'
import { createS3Client } from '../../clients/s3/createS3Client.ts'
import { createUploadSigner } from '../../clients/s3/createUploadSigner.ts'
import { startWorkflow } from '../../clients/temporalClient.ts'
import { relayOutbox } from '../../worker/relayOutbox.ts'
import { createAttachmentWorld, type AttachmentWorld } from '../support/attachmentWorld.ts'
import { createCaller } from '../support/callApi.ts'
import { zipFiles } from '../support/feedFiles.ts'
import { packBulk, testRosterPace, withoutStudent } from '../support/rosterActs.ts'
import { present } from '../support/present.ts'
import { signIn } from '../support/signIn.ts'
import { startApi, type RunningApi } from '../support/startApi.ts'
import { bareEnvironment } from '../support/bareEnvironment.ts'

type Ended = { code: number; out: string; err: string }
type District = {
  districtId: string
  administratorId: string
  clientId: string
  clientSecret: string
  dryRun: { sync: { state: string; counts: { subject: string; added: number }[] } } | null
}

const { s3, region } = inject('stack')
const root = createS3Client({ endpoint: s3.endpoint, region, credentials: s3.root })
let world: AttachmentWorld
let api: RunningApi
let folder: string
let district: District
const feeds = { everyone: '', fewer: '', broken: '' }

const run = (command: string, ...args: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const { owner, sweeper } = world.database.urls
    const env = {
      ...bareEnvironment(),
      DATABASE_URL_OWNER: owner,
      DATABASE_URL_SWEEPER: sweeper,
      KEY_FILE: world.environment['KEY_FILE'],
    }
    execFile(process.execPath, [`deploy/${command}Main.ts`, ...args], { env }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    )
  })

const addFeed = async (name: string, zip: Buffer): Promise<string> => {
  await writeFile(join(folder, name), zip)
  return join(folder, name)
}

beforeAll(async () => {
  world = await createAttachmentWorld({ rosterPace: testRosterPace })
  await world.startWorkers()
  const { taskQueues } = world.config
  const { roster } = world.buckets.names
  api = await startApi(world.database, {
    districtKeys: world.adapters.districtKeys,
    taskQueues,
    // The payloads of its runs are sealed with the keys of the workers.
    startWorkflow: (start, ref) => startWorkflow(world.adapters.client, { ...start, ...ref }),
    rosterSigner: createUploadSigner(root, roster),
    roster: createObjectBucket(root, roster),
  })
  folder = await mkdtemp(join(tmpdir(), 'hallpass-send-'))
  feeds.everyone = await addFeed('everyone.zip', await packBulk())
  feeds.fewer = await addFeed('fewer.zip', await packBulk(withoutStudent))
  feeds.broken = await addFeed('broken.zip', await zipFiles({ orgs: 'nothing of ours\n' }))
})
afterAll(async () => {
  await api?.close()
  await world?.close()
  root.destroy()
  await rm(folder, { recursive: true, force: true })
})

const countUsers = async (): Promise<number> =>
  (await world.database.superuser.query('select 1 from users where district_id = $1', [district.districtId])).rows.length

const listColumn = async (statement: string): Promise<string[]> =>
  (await world.database.superuser.query<{ id: string }>(statement, [district.districtId])).rows.map(({ id }) => id)
const listHeld = (): Promise<string[]> => listColumn('select subject_id as id from suspensions where district_id = $1')
/** What the roster has of the district now, by the district's ids. */
const listIds = async (): Promise<{ users: string[]; enrollments: string[] }> => ({
  users: await listColumn('select sourced_id as id from users where district_id = $1 and is_active order by 1'),
  enrollments: await listColumn('select sourced_id as id from enrollments where district_id = $1 and until_version is null order by 1'),
})

const send = (feed: string, ...more: string[]): Promise<Ended> => sendFor(district, feed, ...more)
const sendFor = async ({ districtId, clientId, clientSecret }: District, feed: string, ...more: string[]): Promise<Ended> => {
  const secretFile = await addFeed(`secret-${districtId}`, Buffer.from(`${clientSecret}\n`))
  const machine = ['--district', districtId, '--client-id', clientId, '--secret-file', secretFile]
  return run('roster', 'send', feed, '--api', api.url, ...machine, ...more)
}

test('a district that is made with its feed and its machine is told by a dry run what the first sync would do', async () => {
  const named = ['--name', 'Invented District', '--time-zone', 'America/Chicago', '--reason', 'contract signed']
  const administrator = ['--admin-given', 'Ida', '--admin-family', 'Invented', '--admin-email', 'ida@example.org']
  const first = ['--machine', 'SIS', '--feed', feeds.everyone, '--api', api.url, '--brake-rows', '1']
  const made = await run('district', 'create', ...named, ...administrator, ...first, '--json')
  expect(made).toMatchObject({ code: 0 })
  district = JSON.parse(made.out) as District
  expect(district.dryRun?.sync.state).toBe('previewed')
  expect(district.dryRun?.sync.counts.find(({ subject }) => subject === 'user')?.added).toBeGreaterThan(1)
  expect(await countUsers()).toBe(1)
})

test('a dry run says what the feed would do, keeps the list of it for its owner alone, and changes nothing', async () => {
  const changes = join(folder, 'changes.csv')
  const { code, out, err } = await send(feeds.everyone, '--dry-run', '--changes', changes)
  expect({ code, states: err.match(/^\w+(?= )/gm)?.at(-1) }).toEqual({ code: 0, states: 'previewed' })
  expect(out).toContain('A dry run: nothing was changed.')
  expect((await readFile(changes, 'utf8')).split('\r\n').length).toBeGreaterThan(5)
  expect((await stat(changes)).mode & 0o777).toBe(0o600)
  expect(await countUsers()).toBe(1)
  const again = await send(feeds.everyone, '--dry-run', '--changes', changes)
  expect(again).toMatchObject({ code: 1, err: expect.stringContaining('is there already') as string })
})

test('a feed is sent, applied and told of by counts, never by names; sent again it changes nothing', async () => {
  const first = await send(feeds.everyone, '--json')
  expect(first).toMatchObject({ code: 0 })
  expect(JSON.parse(first.out)).toMatchObject({ state: 'applied', rosterVersion: 1, isDryRun: false })
  expect(await countUsers()).toBeGreaterThan(1)
  const again = await send(feeds.everyone)
  expect(again).toMatchObject({ code: 0, out: expect.stringContaining('Nothing was changed.') as string })
  const { rows } = await world.database.superuser.query<{ family_name: string }>('select family_name from users where district_id = $1', [
    district.districtId,
  ])
  const printed = first.out + first.err + again.out + again.err
  expect(rows.filter(({ family_name: name }) => new RegExp(`\\b${name}\\b`).test(printed))).toEqual([])
})

test('each line that is wrong is told by file, line, column, code and reason, and the rest of the feed is applied', async () => {
  const wrong = await addFeed(
    'wrong.zip',
    await packBulk((files) => ({
      ...files,
      users: `${String(files['users'])}x,,,maybe,Zebulon,Quillfeather,,\nu7,,,true,Given,Family,,\n`,
      enrollments: `${String(files['enrollments'])}e7,,,k1,s1,x,student,,\ne8,,,k1,s1,u7,student,,\n`,
    })),
  )
  const rejects = join(folder, 'rejects.csv')
  const { code, out } = await send(wrong, '--rejects', rejects, '--json')
  expect(code).toBe(0)
  expect(JSON.parse(out)).toMatchObject({ state: 'applied', rejectCount: 2 })
  const unresolved = '"userSourcedId","reference-unresolved","refers to an id that no line taken from this feed has"'
  expect((await readFile(rejects, 'utf8')).split('\r\n')).toEqual([
    'file,line,column,code,reason,sourcedId,reference',
    '"users.csv","7","enabledUser","value-unknown","is none of the words that OneRoster has for it","x",""',
    `"enrollments.csv","4",${unresolved},"e7","x"`,
    '',
  ])
  expect(await listIds()).toEqual({ users: expect.not.arrayContaining(['x']) as string[], enrollments: ['e1', 'e2', 'e8'] })
  expect((await listIds()).users).toContain('u7')
})

test('a delta refers to whom the district has, and what refers to nobody there is rejected alone', async () => {
  const rows = ['e9,active,2026-09-01T06:00:00.000Z,k2,s1,u7,student', 'e10,active,2026-09-01T06:00:00.000Z,k2,s1,U7,student']
  const enrollments = ['sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role', ...rows, ''].join('\n')
  const rejects = join(folder, 'delta-rejects.csv')
  const sent = await send(await addFeed('delta.zip', await zipFiles({ enrollments }, { mode: 'delta' })), '--rejects', rejects, '--json')
  expect(JSON.parse(sent.out)).toMatchObject({ state: 'applied', rejectCount: 1 })
  expect(await readFile(rejects, 'utf8')).toMatch(/^"enrollments\.csv","3","userSourcedId","reference-unresolved",.*,"e10","U7"\r$/m)
  expect((await listIds()).enrollments).toEqual(['e1', 'e2', 'e8', 'e9'])
})

test('what cannot be read, and what the brake holds, is left to a person by its end', async () => {
  const broken = await send(feeds.broken)
  expect(broken.code).toBe(1)
  expect(broken.out).toMatch(/nothing of it was applied\.\n {2}[a-z-]+.*\n {2}mend: /)
  const held = await send(feeds.fewer)
  expect(held).toMatchObject({ code: 1, out: expect.stringContaining('Held removals wait for a decision') as string })
})

test('what the brake holds is decided by an administrator over the API, and the run that waited for it gives everything back', async () => {
  const syncs = `/v1/districts/${district.districtId}/roster-syncs`
  const { token } = await signIn(world.adapters.app, district.districtId, district.administratorId)
  const administrator = createCaller(api.url, token)
  const { body } = await administrator<{ items: RosterSyncView[] }>('GET', syncs)
  const held = present(body.items.find(({ removals }) => removals?.state === 'waiting'))
  expect(await listHeld()).not.toEqual([])
  await relayOutbox({ relay: world.adapters.relay, client: world.adapters.client, ageSeconds: 0 })
  const decision = { decision: 'discard', reason: 'the export broke off' }
  expect((await administrator('POST', `${syncs}/${held.id}/removal-decision`, decision)).status).toBe(202)
  await vi.waitFor(
    async () => {
      const now = await administrator<RosterSyncView>('GET', `${syncs}/${held.id}`)
      expect(now.body.removals).toMatchObject({ state: 'discarded', decidedBy: district.administratorId })
    },
    { timeout: 30_000, interval: 100 },
  )
  expect(await listHeld()).toEqual([])
  expect((await listIds()).enrollments).toContain('e1')
})

test('a first administrator whom the district’s system knows administers before the first feed, by it, and until one says that they work there no more', async () => {
  const named = ['--name', 'Another Invented District', '--time-zone', 'America/Chicago', '--reason', 'contract signed', '--machine', 'SIS']
  const person = ['--admin-sourced-id', 'head', '--admin-given', 'Given', '--admin-family', 'Family', '--admin-email', 'head@example.org']
  const other = JSON.parse((await run('district', 'create', ...named, ...person, '--json')).out) as District
  const { token } = await signIn(world.adapters.app, other.districtId, other.administratorId)
  const look = async () => (await createCaller(api.url, token)('GET', `/v1/districts/${other.districtId}/api-clients`)).status
  expect(await look()).toBe(200)
  const sendAs = async (role: string) => {
    const zip = await packBulk((files) => ({
      ...files,
      users: `${String(files['users'])}head,,,true,Given,Family,head@example.org,\n`,
      roles: `${String(files['roles'])}r9,,,head,primary,${role},d\n`,
    }))
    expect(await sendFor(other, await addFeed(`${role}.zip`, zip))).toMatchObject({ code: 0 })
    return look()
  }
  expect(await sendAs('districtAdministrator')).toBe(200)
  expect(await sendAs('parent')).toBe(403)
})

test('wrong credentials, a wrong district and an address without encryption are told from one another before anything is sent', async () => {
  const before = await world.buckets.listAll('roster')
  const wrongSecret = await addFeed('wrong', Buffer.from('hallpass'))
  const attempts = [
    await send(feeds.everyone, '--secret-file', wrongSecret),
    await send(feeds.everyone, '--district', crypto.randomUUID()),
    await send(feeds.everyone, '--api', 'http://hallpass.example.org'),
    await send(join(folder, 'nothing.zip')),
  ]
  expect(attempts.map(({ code, err }) => `${code} ${err.split('\n')[0]}`)).toEqual([
    '1 hallpass: the credentials are not accepted',
    '1 hallpass: there is no such district for this machine',
    '2 hallpass: --api must begin with https://, without a user, a query or a fragment',
    '1 hallpass: the feed could not be opened',
  ])
  expect(await world.buckets.listAll('roster')).toEqual(before)
})
