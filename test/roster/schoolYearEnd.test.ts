import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createAskForYearEnds } from '../../activities/roster/askForYearEnds.ts'
import { createCloseYearChannels } from '../../activities/roster/closeSchoolYear.ts'
import { withDistrict } from '../../db/openDatabase.ts'
import { findEndedYears } from '../../db/queries/findEndedYears.ts'
import { openChannel } from '../../db/queries/openChannel.ts'
import type { RunStanding } from '../../domain/decideReplay.ts'
import { closeSchoolYearId } from '../../workflows/contract.ts'
import { createAttachmentWorld, type AttachmentWorld } from '../support/attachmentWorld.ts'
import { createRosterActs, packBulk } from '../support/rosterActs.ts'
import type { FeedFiles } from '../support/feedFiles.ts'
import { present } from '../support/present.ts'
import { listChannels } from '../../db/queries/listChannels.ts'
import { inActivity } from '../support/inActivity.ts'
import { mailsTo } from '../support/sinks.ts'

const schoolYear = 2026
let world: AttachmentWorld
let districtId: string
beforeAll(async () => {
  world = await createAttachmentWorld()
  districtId = world.channel.districtId
  await world.startWorkers()
})
afterAll(() => world?.close())
beforeEach(async () => {
  for (const table of ['school_year_notices', 'school_year_ends', 'outbox']) await run(`delete from ${table}`)
  await run('update channels set closed_at = null')
  reportsBefore = (await allReports()).length
})

const run = (text: string, values: unknown[] = []) => world.database.superuser.query(text, values)
/** The last day of the year's only term lies so many days before the district's today. */
const endTerm = (daysAgo: number) =>
  run(`update terms set ends = (statement_timestamp() at time zone 'America/Chicago')::date - $1::int where district_id = $2`, [
    daysAgo,
    districtId,
  ])
const ask = (standing: RunStanding = 'none', schoolYearGraceDays = 14): Promise<number> =>
  inActivity(
    createAskForYearEnds({
      ...world.adapters,
      findRun: () => Promise.resolve(standing),
      rosterQueue: world.config.taskQueues.roster,
      schoolYearGraceDays,
    }),
  )
const asked = async (): Promise<string[]> =>
  (await run(`select workflow_id from outbox order by id`)).rows.map((row) => (row as { workflow_id: string }).workflow_id)
const close = (attempt = 1): Promise<unknown> => {
  const ref = { districtId, schoolYear, attempt }
  const workflowId = `${closeSchoolYearId(ref)}:${newId()}`
  return world.adapters.client.workflow.execute('closeSchoolYear', { workflowId, taskQueue: world.config.taskQueues.roster, args: [ref] })
}
const openChannels = async (): Promise<number> =>
  (await run('select 1 from channels where closed_at is null and district_id = $1', [districtId])).rowCount ?? 0
const countMails = async (): Promise<number> =>
  (await mailsTo(world.channel.teacherEmail)).filter(({ subject }) => subject.includes('school year')).length
/** The log only grows. */
let reportsBefore = 0
const allReports = async () => (await run(`select target, details from audit_entries where action = 'school-year.close' order by id`)).rows
const reports = async () => (await allReports()).slice(reportsBefore)

test.each([
  [13, 0],
  [14, 1],
])('a year whose last term ended %i days ago, by the day of its district, is asked for %i times', async (daysAgo, times) => {
  await endTerm(daysAgo)
  expect(await ask()).toBe(times)
  expect(await asked()).toEqual(times === 0 ? [] : [closeSchoolYearId({ districtId, schoolYear, attempt: 1 })])
})

test('a year that the roster forgot for a while is not over: its terms count as long as they would have run', async () => {
  await endTerm(-30)
  await run('update terms set is_active = false')
  expect(await ask()).toBe(0)
  await run('update terms set is_active = true')
})

test('closes the channels, tells each person once and leaves one report, and does nothing when it is run again', async () => {
  await endTerm(20)
  await ask()
  const before = await countMails()
  expect(await close()).toEqual({ channels: 1, told: 1 })
  expect(await openChannels()).toBe(0)
  expect(await close()).toEqual({ channels: 0, told: 0 })
  expect((await countMails()) - before).toBe(1)
  expect(await reports()).toEqual([{ target: String(schoolYear), details: { channels: 1, people: 2, attempt: 1 } }])
  expect(await ask()).toBe(0)
  // What was written stays.
  expect((await run('select 1 from channels where id = $1', [world.channel.channelId])).rowCount).toBe(1)
})

test('a run that is under way, or waits to be started, or of which nobody knows, is not asked for again; one that is gone is', async () => {
  await endTerm(20)
  await ask()
  expect(await ask('open')).toBe(0)
  expect(await ask('unknown')).toBe(0)
  expect(await ask('none')).toBe(0)
  await run('update outbox set started_at = now()')
  expect(await ask('none')).toBe(1)
  expect(await ask('closed')).toBe(1)
  expect(await asked()).toEqual([1, 2, 3].map((attempt) => closeSchoolYearId({ districtId, schoolYear, attempt })))
  // The runs of before settle nothing: the report is the last one's.
  await close(1)
  expect(await reports()).toEqual([])
  await close(3)
  expect(await reports()).toHaveLength(1)
})

test('a run closes and tells nothing when the year goes on after all, and a channel that was closed is opened again', async () => {
  await endTerm(20)
  await ask()
  const { teacherId, studentId } = world.channel
  const open = () =>
    withDistrict(world.adapters.app, districtId, (tx) => openChannel(tx, { teacherId, participantId: studentId, studentId }))
  await inActivity(() => createCloseYearChannels(world.adapters)({ districtId, schoolYear, attempt: 1 }))
  expect(await openChannels()).toBe(0)
  expect(await open()).toBeNull()

  const before = await countMails()
  await endTerm(-30)
  expect(await close()).toEqual({ channels: 0, told: 0 })
  expect(await countMails()).toBe(before)
  expect(await open()).toMatchObject({ isNew: false, channel: { id: world.channel.channelId } })
  expect(await openChannels()).toBe(1)
  await endTerm(20)
  expect(await withDistrict(world.adapters.app, districtId, (tx) => findEndedYears(tx, 14))).toEqual([
    { schoolYear, attempt: 1, isSettled: true },
  ])
  expect(await ask('closed')).toBe(1)
  expect(await asked()).toContain(closeSchoolYearId({ districtId, schoolYear, attempt: 2 }))
})

/** A school year that began long ago and ends on that day. */
const until = (end: string) => (files: FeedFiles) => ({
  ...files,
  academicSessions: String(files['academicSessions'])
    .replaceAll('2026-08-24', '2000-08-24')
    .replaceAll('2027-06-12', end)
    .replaceAll('2026-12-01', end),
})

test('a year that a feed closed by wrong dates is there again with the feed that mends them, and is told of again when it ends', async () => {
  const district = await createRosterActs(world)
  const sync = async (end: string) =>
    expect(await district.syncOf(await district.send(await packBulk(until(end)))).result()).toEqual({ outcome: 'applied' })
  const find = async (sourcedId: string): Promise<string> =>
    present(
      (await run('select id from users where district_id = $1 and sourced_id = $2', [district.districtId, sourcedId])).rows[0] as {
        id: string
      },
    ).id
  const within = <T>(work: Parameters<typeof withDistrict<T>>[2]) => withDistrict(world.adapters.app, district.districtId, work)
  await sync('2099-06-12')
  const [studentId, teacherId] = [await find('u1'), await find('u2')]
  const { channel } = present(await within((tx) => openChannel(tx, { teacherId, participantId: studentId, studentId })))
  const listed = async () => (await within((tx) => listChannels(tx, { actorId: studentId, limit: 5 }))).map((of) => of.channel.id)
  const mark = async () => (await run('select closed_at from channels where id = $1', [channel.id])).rows[0] as { closed_at: Date | null }
  const told = async () =>
    (await run('select 1 from school_year_notices where district_id = $1 and told_at is not null', [district.districtId])).rowCount
  const end = (attempt: number) => {
    const ref = { districtId: district.districtId, schoolYear: 2027, attempt }
    return world.adapters.client.workflow.execute('closeSchoolYear', {
      workflowId: `${closeSchoolYearId(ref)}:${newId()}`,
      taskQueue: world.config.taskQueues.roster,
      args: [ref],
    })
  }
  await sync('2001-06-12')
  await ask()
  expect(await end(1)).toMatchObject({ channels: 1 })
  expect(await listed()).toEqual([])
  expect(await told()).toBe(2)

  await sync('2099-06-12')
  // At once, whatever is marked.
  expect(await listed()).toEqual([channel.id])
  await ask()
  expect(await mark()).toEqual({ closed_at: null })
  expect(await told()).toBe(0)

  await sync('2001-06-12')
  await ask('closed')
  expect(await asked()).toContain(closeSchoolYearId({ districtId: district.districtId, schoolYear: 2027, attempt: 2 }))
  expect(await end(2)).toMatchObject({ channels: 1 })
  expect(await listed()).toEqual([])
  expect(await told()).toBe(2)
})
