import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTellLateDistricts } from '../../activities/roster/tellLateDistricts.ts'
import { MailUnavailable } from '../../clients/smtpMailer.ts'
import { createAttachmentWorld, type AttachmentWorld } from '../support/attachmentWorld.ts'
import { inActivity } from '../support/inActivity.ts'
import { mailsTo } from '../support/sinks.ts'

let world: AttachmentWorld
let districtId: string
beforeAll(async () => {
  world = await createAttachmentWorld()
  districtId = world.channel.districtId
  await world.database.superuser.query(
    `insert into grants (district_id, id, user_id, permission, author_id, begins) values ($1, $2, $3, 'administer', $3, now() - interval '1 day')`,
    [districtId, newId(), world.channel.teacherId],
  )
})
afterAll(() => world?.close())
beforeEach(async () => {
  await world.database.superuser.query('delete from roster_syncs')
  await world.database.superuser.query('update districts set roster_late_told_at = null, roster_late_after_hours = 36')
})

const addSync = (hoursAgo: number, state = 'applied', isDryRun = false) =>
  world.database.superuser.query(
    `insert into roster_syncs (district_id, id, origin, state, is_dry_run, object_key, author_kind, author, ended_at)
     values ($1, $2, 'upload', $3, $4, 'k', 'client', 'c', now() - make_interval(hours => $5))`,
    [districtId, newId(), state, isDryRun, hoursAgo],
  )
const look = (deps: Partial<AttachmentWorld['adapters']> = {}): Promise<number> =>
  inActivity(createTellLateDistricts({ ...world.adapters, ...deps }))
const mails = async () =>
  (await mailsTo(world.channel.teacherEmail)).filter(({ subject }) => subject === 'Your roster has not been updated')
const refuse = (): Promise<void> => Promise.reject(new MailUnavailable('planted'))
const countNew = async (act: () => Promise<unknown>): Promise<number> => {
  const before = (await mails()).length
  await act()
  return (await mails()).length - before
}

test.each(['applied', 'unchanged', 'partly-applied'])(
  'a district whose last sync was %s too long ago is told once, and again only after a later one came to be late too',
  async (state) => {
    await addSync(37, state)
    expect(await countNew(async () => expect(await look()).toBe(1))).toBe(1)
    expect(await countNew(async () => expect(await look()).toBe(0))).toBe(0)
    await addSync(0, state)
    expect(await look()).toBe(0)
    await world.database.superuser.query(`update districts set roster_late_told_at = now() - interval '3 days'`)
    await world.database.superuser.query(
      `update roster_syncs set ended_at = now() - interval '40 hours' where ended_at > now() - interval '1 hour'`,
    )
    expect(await look()).toBe(1)
  },
)

test('the mail names no person, and says for how long', async () => {
  await addSync(50)
  await look()
  const [mail] = (await mails()).slice(-1)
  expect(mail?.text).toContain('50 hours ago')
  expect(mail?.text).not.toMatch(/teacher|Test/)
})

test('a success within the time is no reason, whatever came after it, and neither is a dry run or a failure a success', async () => {
  await addSync(35)
  await addSync(1, 'failed')
  expect(await look()).toBe(0)
  await world.database.superuser.query('delete from roster_syncs')
  await addSync(37)
  await addSync(1, 'failed')
  await addSync(1, 'unreadable')
  await addSync(1, 'stale')
  await addSync(1, 'previewed', true)
  expect(await look()).toBe(1)
})

test('a district that never had a success waits for nothing, and each has its own time', async () => {
  await addSync(1_000, 'failed')
  expect(await look()).toBe(0)
  await addSync(37)
  await world.database.superuser.query('update districts set roster_late_after_hours = 48')
  expect(await look()).toBe(0)
})

test('whose mail could not be sent is told by the next look', async () => {
  await addSync(37)
  expect(await countNew(() => expect(look({ mailer: { send: refuse } })).rejects.toThrow('1 of 1 failed'))).toBe(0)
  expect(await countNew(async () => expect(await look()).toBe(1))).toBe(1)
})
