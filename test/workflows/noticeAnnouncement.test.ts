import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { relayOutbox } from '../../worker/relayOutbox.ts'
import { noticeAnnouncementId, notifyPersonId, toNoticesQueue } from '../../workflows/contract.ts'
import { addGuardian } from '../support/addGuardian.ts'
import { createAttachmentWorld, type AttachmentWorld } from '../support/attachmentWorld.ts'
import { expectHistoryKept } from '../support/expectHistoryKept.ts'
import { mailsTo, smsTo } from '../support/sinks.ts'

let world: AttachmentWorld
beforeAll(async () => {
  world = await createAttachmentWorld({ noticePace: { firstAfterMs: 100, againAfterMs: 600, awayWaitMs: 200 } })
  await world.startWorkers()
  const { districtId } = world.channel
  await world.database.superuser.query('update districts set quiet_from = 0, quiet_until = 0, roster_version = 1 where id = $1', [
    districtId,
  ])
})
afterAll(() => world?.close())

let seq = 0
/** The teacher says something to their section. */
const announce = async (): Promise<string> => {
  const [announcementId, { districtId, teacherId }] = [randomUUID(), world.channel]
  seq += 1
  await world.database.superuser.query(
    `insert into announcements (district_id, id, section_id, seq, author_id, recipients, body, roster_version, day, has_guardians, created_at)
     select $1, $2, section_id, $4, $3, 'both', '\\x00', 1, current_date, true, now() from enrollments where district_id = $1 and user_id = $3`,
    [districtId, announcementId, teacherId, seq],
  )
  return announcementId
}

/** The run that notices whom it is for, to its end; `turn` makes it another run of the same. */
const notice = async (announcementId: string, turn = 1): Promise<string> => {
  const { client } = world.adapters
  const { districtId } = world.channel
  const id = noticeAnnouncementId({ districtId, announcementId })
  const workflowId = turn === 1 ? id : `${id}-${turn}`
  const taskQueue = toNoticesQueue(world.config.taskQueues.maintenance)
  const args = [{ districtId, announcementId }]
  expect(await client.workflow.execute('noticeAnnouncement', { workflowId, taskQueue, args })).toEqual({ done: true })
  return workflowId
}

const noticed = async (announcementId: string) =>
  (
    await world.database.superuser.query<{ people: number; notices: number }>(
      'select count(distinct user_id)::int as people, count(*)::int as notices from notices where subject_id = $1',
      [announcementId],
    )
  ).rows[0]

test('an announcement is told to each whom it is for, by mail or by phone, and not to its author', async () => {
  const [email, phone] = [`guardian-${randomUUID()}@example.org`, '+12025550199']
  const guardians = [
    await addGuardian(world.adapters, world.channel, { email }),
    await addGuardian(world.adapters, world.channel, { phone }),
  ]
  const workflowId = await notice(await announce())
  await relayOutbox({ ...world.adapters, ageSeconds: 0 })
  for (const { userId } of guardians)
    expect(await world.adapters.client.workflow.getHandle(notifyPersonId({ userId, batch: 1 })).result()).toEqual({ told: 1 })
  expect(await mailsTo(email)).toMatchObject([{ subject: 'You have 1 new message in Hallpass' }])
  expect(await smsTo(phone)).toHaveLength(1)
  expect(await mailsTo(world.channel.teacherEmail)).toEqual([])
  await expectHistoryKept(world.adapters, 'noticeAnnouncement.asked-first', { workflowId })
})

test('and to five hundred in turns: each has one notice, also when it is done once more', async () => {
  const { districtId } = world.channel
  const { superuser } = world.database
  await superuser.query(
    `insert into users (district_id, id, sourced_id, role, given_name, family_name)
     select $1, gen_random_uuid(), 'many-' || n, 'student', 'Given', 'Family' from generate_series(1, 500) n`,
    [districtId],
  )
  await superuser.query(
    `insert into enrollments (district_id, id, sourced_id, user_id, section_id, role, begins, since_version)
     select $1, gen_random_uuid(), u.sourced_id, u.id, s.id, 'student', current_date - 30, 1
     from users u cross join sections s where u.district_id = $1 and u.sourced_id like 'many-%' and s.district_id = $1`,
    [districtId],
  )
  const announcementId = await announce()
  await notice(announcementId)
  const { people, notices } = (await noticed(announcementId)) ?? {}
  expect(people).toBeGreaterThanOrEqual(501)
  expect(notices).toBe(people)
  await notice(announcementId, 2)
  expect(await noticed(announcementId)).toEqual({ people, notices })
})
