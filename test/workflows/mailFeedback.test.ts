import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { withDistrict, type DistrictTransaction } from '../../db/openDatabase.ts'
import { claimNews } from '../../db/queries/claimNews.ts'
import { listUnreachable } from '../../db/queries/listUnreachable.ts'
import { findNotifications } from '../../db/queries/setNotifications.ts'
import type { FeedbackCounts } from '../../activities/notices/takeMailFeedback.ts'
import { addGuardian } from '../support/addGuardian.ts'
import { createAttachmentWorld, type AttachmentWorld } from '../support/attachmentWorld.ts'
import { expectHistoryKept } from '../support/expectHistoryKept.ts'
import { mailsTo } from '../support/sinks.ts'
import { startFeedbackQueue, type TestQueue } from '../support/startFeedbackQueue.ts'

let world: AttachmentWorld
let queue: TestQueue
let guardian: { userId: string; email: string }
beforeAll(async () => {
  queue = await startFeedbackQueue()
  world = await createAttachmentWorld({ mailFeedback: { configurationSet: 'hallpass', queueUrl: queue.url } })
  await world.startWorkers()
})
afterAll(async () => {
  await world?.close()
  queue?.close()
})
beforeEach(async () => {
  const email = `guardian-${randomUUID()}@example.org`
  guardian = { ...(await addGuardian(world.adapters, world.channel, { email, phone: '+12025550111' })), email }
})

const inDistrict = <T>(work: (tx: DistrictTransaction) => Promise<T>): Promise<T> =>
  withDistrict(world.adapters.app, world.channel.districtId, work)
const wishes = () => inDistrict((tx) => findNotifications(tx, guardian.userId))
const unreachable = async () =>
  (await inDistrict((tx) => listUnreachable(tx, { before: null, limit: 100 }))).filter(({ userId }) => userId === guardian.userId)

const tagsOf = (districtId: string, userId: string) => ({ mail: { tags: { district: [districtId], person: [userId] } } })
const bounced = (address: string, tags = tagsOf(world.channel.districtId, guardian.userId), bounceType = 'Permanent') =>
  JSON.stringify({ eventType: 'Bounce', bounce: { bounceType, bouncedRecipients: [{ emailAddress: address }] }, ...tags })
const complained = (address: string) =>
  JSON.stringify({
    Type: 'Notification',
    Message: JSON.stringify({
      eventType: 'Complaint',
      complaint: { complainedRecipients: [{ emailAddress: address }] },
      ...tagsOf(world.channel.districtId, guardian.userId),
    }),
  })

/** One turn of the schedule. */
const take = async (): Promise<{ counts: FeedbackCounts; workflowId: string }> => {
  const workflowId = `take-feedback-${randomUUID()}`
  const counts: FeedbackCounts = await world.adapters.client.workflow.execute('takeFeedback', {
    workflowId,
    taskQueue: world.config.taskQueues.maintenance,
  })
  return { counts, workflowId }
}
const nothing: FeedbackCounts = { bounced: 0, complained: 0, ignored: 0, unreadable: 0 }

/** How they would be told now of a notice of a message. */
const wayNow = async (): Promise<'mail' | 'phone' | 'none'> => {
  const { districtId, teacherId } = world.channel
  const batch = Math.trunc(Math.random() * 1e9)
  const { superuser } = world.database
  const id = randomUUID()
  await superuser.query(
    `insert into messages (district_id, channel_id, seq, id, author_id, body, created_at)
     select district_id, id, $4, $3, $2, '\\x00', now() from channels where district_id = $1 and participant_id = $5`,
    [districtId, teacherId, id, batch, guardian.userId],
  )
  await superuser.query(
    `insert into notices (district_id, id, user_id, kind, channel_id, subject_id, batch, created_at)
     select $1, $3, $2, 'message', id, $3, $4, now() from channels where district_id = $1 and participant_id = $2`,
    [districtId, guardian.userId, id, batch],
  )
  const news = await inDistrict((tx) => claimNews(tx, { userId: guardian.userId, batch, notification: 1 }))
  if (news === null) throw new Error('there is no news')
  return news.email !== null ? 'mail' : news.phone !== null ? 'phone' : 'none'
}

describe('a mail that bounced later', () => {
  test('leaves its address alone until the roster has another, has its reader told by phone, and shows them to the district', async () => {
    expect([await wayNow(), await unreachable()]).toEqual(['mail', []])
    queue.put(bounced(guardian.email.toUpperCase()))
    const { counts, workflowId } = await take()
    expect([counts, queue.left()]).toEqual([{ ...nothing, bounced: 1 }, []])
    expect(await wayNow()).toBe('phone')
    expect(await unreachable()).toMatchObject([{ isAddressRefused: true, isNumberRefused: false, refusedAt: expect.any(Date) }])
    // A delivery that is repeated changes nothing.
    queue.put(bounced(guardian.email))
    await take()
    const cipher = await world.adapters.districtKeys.forDistrict(world.channel.districtId)
    await world.database.superuser.query('update users set email_hash = $2 where id = $1', [
      guardian.userId,
      cipher.hashForLookup('another@example.org'),
    ])
    expect([await wayNow(), await unreachable()]).toEqual(['mail', []])
    // It was of the earlier address.
    queue.put(bounced(guardian.email))
    expect((await take()).counts).toEqual({ ...nothing, ignored: 1 })
    expect(await wayNow()).toBe('mail')
    await expectHistoryKept(world.adapters, 'takeFeedback.done', { workflowId })
  })

  test('but only for now changes nothing; a complaint ends mails to its reader, as unsubscribing does', async () => {
    queue.put(bounced(guardian.email, undefined, 'Transient'))
    expect([(await take()).counts, await wayNow()]).toEqual([{ ...nothing, ignored: 1 }, 'mail'])
    queue.put(complained(guardian.email))
    expect((await take()).counts).toEqual({ ...nothing, complained: 1 })
    expect(await wishes()).toMatchObject({ isMailOff: true, isAddressRefused: false })
    expect(await wayNow()).toBe('none')
  })
})

describe('what anybody could have put into the queue', () => {
  test('names nobody whose address it does not have, makes no keys of a district that is not there, and keeps nothing else from its turn', async () => {
    const keysBefore = (await world.database.superuser.query('select 1 from keys.data_keys')).rowCount
    const { districtId } = world.channel
    queue.put(bounced('somebody-else@example.org'))
    queue.put(bounced(guardian.email, tagsOf(randomUUID(), guardian.userId)))
    queue.put(bounced(guardian.email, tagsOf(districtId, randomUUID())))
    queue.put(bounced(guardian.email, tagsOf(districtId, world.channel.studentId)))
    for (const garbage of ['', '{', '[]', `{"Message":"${'x'.repeat(200_000)}"}`, '{"__proto__":{"eventType":"Bounce"}}'])
      queue.put(garbage)
    queue.put(complained(guardian.email))
    const { counts } = await take()
    expect(counts).toEqual({ bounced: 0, complained: 1, ignored: 5, unreadable: 4 })
    expect(await unreachable()).toEqual([])
    expect((await world.database.superuser.query('select 1 from keys.data_keys')).rowCount).toBe(keysBefore)
    // What cannot be read is set aside by the queue's own policy.
    expect(queue.left()).toHaveLength(4)
    queue.showAgain()
    expect((await take()).counts).toEqual({ ...nothing, unreadable: 4 })
  })
})

test('mails say whose they are to the provider, by ids', async () => {
  const { districtId } = world.channel
  const email = `teacher-${randomUUID()}@example.org`
  await world.adapters.mailer.send({ id: 'x.1', to: email, subject: 'x', text: 'x', recipient: { districtId, userId: guardian.userId } })
  expect((await mailsTo(email))[0]?.headers).toMatchObject({
    'x-ses-configuration-set': 'hallpass',
    'x-ses-message-tags': `district=${districtId}, person=${guardian.userId}`,
  })
})
