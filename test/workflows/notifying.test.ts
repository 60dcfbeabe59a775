import { randomBytes } from 'node:crypto'
import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { createPlanNotices } from '../../activities/notices/planNotices.ts'
import { MailRefused, MailUnavailable } from '../../clients/smtpMailer.ts'
import { withDistrict, type DistrictTransaction } from '../../db/openDatabase.ts'
import { enqueueNotifying } from '../../db/queries/addNotices.ts'
import { markRead } from '../../db/queries/markRead.ts'
import { postMessage } from '../../db/queries/postMessage.ts'
import { setMailOff, setQuietHours } from '../../db/queries/setNotifications.ts'
import { withdrawMessage } from '../../db/queries/withdrawMessage.ts'
import type { Mail } from '../../domain/ports.ts'
import { relayOutbox } from '../../worker/relayOutbox.ts'
import { notifyPersonId, toNotifyingStart } from '../../workflows/contract.ts'
import { createAttachmentWorld, type AttachmentWorld } from '../support/attachmentWorld.ts'
import { withCanary } from '../support/canary.ts'
import { expectHistoryKept } from '../support/expectHistoryKept.ts'
import { mailsTo, type SeenMail } from '../support/sinks.ts'
import { startFaultyWorkers } from '../support/startFaultyWorkers.ts'

/** How long nobody is told, after the first new thing and after a notification. */
const pace = { firstAfterMs: 600, againAfterMs: 1_200, awayWaitMs: 200 }

let world: AttachmentWorld
beforeAll(async () => {
  world = await createAttachmentWorld({ noticePace: pace })
  await world.startWorkers()
})
afterAll(() => world?.close())

const inDistrict = <T>(work: (tx: DistrictTransaction) => Promise<T>): Promise<T> =>
  withDistrict(world.adapters.app, world.channel.districtId, work)
const update = (text: string, values: unknown[] = []) => world.database.superuser.query(text, values)

beforeEach(async () => {
  const { districtId, teacherId } = world.channel
  // By day and by night alike.
  await update('update districts set quiet_from = 0, quiet_until = 0 where id = $1', [districtId])
  await update('delete from notice_settings')
  await update(`update users set preferred_language = 'en', email_hash = $2 where id = $1`, [teacherId, randomBytes(32)])
})

/** The student writes to the teacher. */
const post = async (): Promise<string> => {
  const { channelId, studentId, districtId } = world.channel
  const cipher = await world.adapters.districtKeys.forDistrict(districtId)
  const id = newId()
  const body = cipher.sealText({ table: 'messages', rowId: id, column: 'body' }, withCanary('what was written'))
  await inDistrict(async (tx) => {
    const posted = await postMessage(tx, { id, channelId, authorId: studentId, body, attachmentIds: [] })
    if (posted.outcome !== 'posted') throw new Error(posted.outcome)
    await enqueueNotifying(tx, posted.opened, toNotifyingStart(world.config.taskQueues.maintenance))
  })
  return id
}

const readAll = () => inDistrict((tx) => markRead(tx, { ...world.channel, actorId: world.channel.teacherId, as: 'party', seq: 1_000_000 }))

const openBatch = async (): Promise<number> => {
  const { rows } = await update('select batch from notice_batches where user_id = $1', [world.channel.teacherId])
  return rows[0]?.batch ?? 0
}

/** What is to be done next for the teacher's present batch. */
const plan = async (atPace = { firstAfterMs: 0, againAfterMs: 0, awayWaitMs: 0 }) => {
  const ref = { districtId: world.channel.districtId, userId: world.channel.teacherId, batch: await openBatch() }
  return createPlanNotices({ app: world.adapters.app, pace: atPace })(ref)
}

/** The run of the teacher's present batch, begun by the relay as after a crash of whoever posted. */
const run = async () => {
  await relayOutbox({ ...world.adapters, ageSeconds: 0 })
  const workflowId = notifyPersonId({ userId: world.channel.teacherId, batch: await openBatch() })
  return { workflowId, result: () => world.adapters.client.workflow.getHandle(workflowId).result() as Promise<{ told: number }> }
}

/** The mails that the teacher gets while something goes on. */
const mailsDuring = async (work: () => Promise<unknown>): Promise<SeenMail[]> => {
  const before = (await mailsTo(world.channel.teacherEmail)).length
  await work()
  return (await mailsTo(world.channel.teacherEmail)).slice(before)
}

/** Somebody who has read what they were told of: nothing is left of an earlier test. */
const settle = async (): Promise<void> => {
  await readAll()
  await (await run()).result().catch(() => undefined)
}

describe('what is new', () => {
  test('is told together, in the reader’s language, by number and without a word, a name or a file of it', async () => {
    await update(`update users set preferred_language = 'es-MX' where id = $1`, [world.channel.teacherId])
    let workflowId = ''
    const mails = await mailsDuring(async () => {
      await post()
      await post()
      const ended = await run()
      ;({ workflowId } = ended)
      expect(await ended.result()).toEqual({ told: 1 })
    })
    expect(mails).toMatchObject([{ subject: 'Tiene 2 mensajes nuevos en Hallpass' }])
    const said = JSON.stringify(mails)
    for (const word of [withCanary('what was written'), 'Algebra', world.channel.studentId, world.channel.channelId])
      expect(said).not.toContain(word)
    expect(mails[0]?.text).toMatch(/http:\/\/127\.0\.0\.1:8080\/unsubscribe\/[\w-]{86}$/m)
    await expectHistoryKept(world.adapters, 'notifyPerson.told', { workflowId })
  })

  test('and comes soon after a notification waits for the time of the next one, which has another Message-ID', async () => {
    await settle()
    const mails = await mailsDuring(async () => {
      await post()
      expect(await (await run()).result()).toEqual({ told: 1 })
      await post()
      expect(await plan({ firstAfterMs: 0, againAfterMs: 3_600_000, awayWaitMs: 0 })).toMatchObject({ step: 'wait' })
      expect(await (await run()).result()).toEqual({ told: 1 })
    })
    expect(new Set(mails.map(({ headers }) => headers['message-id'])).size).toBe(2)
  })

  test.each([
    ['was read meanwhile', async () => readAll()],
    ['was withdrawn', async (id: string) => inDistrict((tx) => withdrawMessage(tx, { messageId: id, actorId: world.channel.studentId }))],
    [
      'is theirs to see no more',
      async () => update('update enrollments set until_version = 2 where district_id = $1', [world.channel.districtId]),
    ],
  ])('and %s is not told', async (why, happen) => {
    await settle()
    let workflowId = ''
    const mails = await mailsDuring(async () => {
      const id = await post()
      await happen(id)
      const ended = await run()
      ;({ workflowId } = ended)
      expect(await ended.result()).toEqual({ told: 0 })
    })
    expect(mails).toEqual([])
    await update('update enrollments set until_version = null where district_id = $1', [world.channel.districtId])
    if (why === 'was read meanwhile') await expectHistoryKept(world.adapters, 'notifyPerson.no-news', { workflowId })
  })
})

/** Until so many notifications of the present batch went out. */
const told = (count: number) =>
  vi.waitFor(
    async () => {
      const { rows } = await update('select told from notice_batches where user_id = $1', [world.channel.teacherId])
      expect(rows[0]?.told).toBe(count)
    },
    { timeout: 30_000, interval: 50 },
  )
const readAllAfterTold = async (count: number): Promise<void> => {
  await told(count)
  await readAll()
}

/** Minutes of the day at the district. */
const minutesNow = async (): Promise<number> => {
  const { rows } = await update(
    `select (extract(epoch from (now() at time zone time_zone)::time) / 60)::int as minutes from districts where id = $1`,
    [world.channel.districtId],
  )
  return rows[0].minutes
}
const minuteOf = (minutes: number): number => (minutes + 1_440) % 1_440

describe('quiet hours', () => {
  test('of the district are waited out to their end, in its time zone; a person’s own take their place', async () => {
    await settle()
    await post()
    const now = await minutesNow()
    await update('update districts set quiet_from = $1, quiet_until = $2', [minuteOf(now - 60), minuteOf(now + 120)])
    const night = await plan()
    expect(night).toMatchObject({ step: 'wait' })
    const { ms } = night as { ms: number }
    expect(ms).toBeGreaterThan(110 * 60_000)
    expect(ms).toBeLessThanOrEqual(121 * 60_000)
    const { teacherId: userId } = world.channel
    await inDistrict((tx) => setQuietHours(tx, { userId, quietHours: { from: minuteOf(now + 60), until: minuteOf(now + 61) } }))
    expect(await plan()).toMatchObject({ step: 'tell', notification: 1 })
    await inDistrict((tx) => setQuietHours(tx, { userId, quietHours: null }))
    expect(await plan()).toMatchObject({ step: 'wait' })
    await update('update districts set quiet_from = 0, quiet_until = 0')
    await settle()
  })
})

/** While the workers have this mailer in place of their own. */
const within = async (mailer: { send(mail: Mail): Promise<void> }, work: () => Promise<void>): Promise<void> => {
  await Promise.all(world.running().map((workers) => workers.drain()))
  const faulty = await startFaultyWorkers(world, { adapters: { mailer } })
  try {
    await work()
  } finally {
    await faulty.drain()
    await world.startWorkers()
  }
}

/** So often one notification is tried before the run waits. */
const triesAtOnce = 3

describe('an address', () => {
  test('that its server refuses for good is tried once, and again when the roster has another', async () => {
    await settle()
    const tried: string[] = []
    const refuse = {
      send: (mail: Mail) => {
        tried.push(mail.id)
        return Promise.reject(new MailRefused('the mail server refused the address: 550'))
      },
    }
    await within(refuse, async () => {
      for (const expected of [1, 1, 2]) {
        if (expected === 2) await update('update users set email_hash = $2 where id = $1', [world.channel.teacherId, randomBytes(32)])
        await post()
        const ended = await run()
        await readAllAfterTold(1)
        await ended.result()
        expect(tried).toHaveLength(expected)
      }
    })
  })

  test('whose server takes the mail and dies before it says so gets the same mail again, by its Message-ID', async () => {
    await settle()
    let isFirst = true
    const dying = {
      send: async (mail: Mail) => {
        await world.adapters.mailer.send(mail)
        if (!isFirst) return
        isFirst = false
        throw new MailUnavailable('ECONNRESET')
      },
    }
    const mails = await mailsDuring(() =>
      within(dying, async () => {
        await post()
        const ended = await run()
        await readAllAfterTold(1)
        await ended.result()
      }),
    )
    expect(mails).toHaveLength(2)
    expect(new Set(mails.map(({ headers }) => headers['message-id'])).size).toBe(1)
  })

  test('whose server is away for longer than one notification is tried is told of it when the server is back', async () => {
    await settle()
    let tries = 0
    const away = {
      send: (mail: Mail) => {
        tries += 1
        return tries <= triesAtOnce ? Promise.reject(new MailUnavailable('ECONNREFUSED')) : world.adapters.mailer.send(mail)
      },
    }
    let workflowId = ''
    const mails = await mailsDuring(() =>
      within(away, async () => {
        await post()
        const ended = await run()
        ;({ workflowId } = ended)
        await readAllAfterTold(1)
        expect(await ended.result()).toEqual({ told: 1 })
      }),
    )
    expect([tries, mails.length]).toEqual([triesAtOnce + 1, 1])
    await expectHistoryKept(world.adapters, 'notifyPerson.delayed', { workflowId })
  })

  test('whose owner wants no mail gets none', async () => {
    await settle()
    await inDistrict((tx) => setMailOff(tx, { userId: world.channel.teacherId, isOff: true }))
    let workflowId = ''
    const mails = await mailsDuring(async () => {
      await post()
      const ended = await run()
      ;({ workflowId } = ended)
      await readAllAfterTold(1)
      await ended.result()
    })
    expect(mails).toEqual([])
    await expectHistoryKept(world.adapters, 'notifyPerson.unreachable', { workflowId })
  })
})

test('one message is one notice, and a batch begins for whoever has none under way', async () => {
  await settle()
  const batch = await openBatch()
  const id = await post()
  await post()
  const { rows } = await update('select batch, count(*)::int as count from notices where subject_id = $1 group by 1', [id])
  expect(rows).toEqual([{ batch: batch + 1, count: 1 }])
  expect(await openBatch()).toBe(batch + 1)
  await settle()
})

const sweep = () =>
  world.adapters.client.workflow.execute('sweepNotices', {
    workflowId: `sweep-notices-${newId()}`,
    taskQueue: world.config.taskQueues.maintenance,
  })

test('a batch whose run was terminated has another within minutes, which tells of it once; one whose run lives is left alone', async () => {
  await settle()
  const mails = await mailsDuring(async () => {
    await post()
    const { workflowId } = await run()
    const overdue = () =>
      update(`update notice_batches set due_at = now() - interval '5 minutes', opened_at = now() - interval '6 minutes'`)
    const now = await minutesNow()
    await world.adapters.client.workflow.getHandle(workflowId).terminate('planted')
    expect(await sweep()).toEqual({ replayedBatches: 0 })
    await update('update districts set quiet_from = $1, quiet_until = $2', [minuteOf(now - 60), minuteOf(now + 120)])
    await overdue()
    expect(await sweep()).toEqual({ replayedBatches: 1 })
    await relayOutbox({ ...world.adapters, ageSeconds: 0 })
    await vi.waitFor(async () =>
      expect((await update('select due_at > now() as is_waiting from notice_batches')).rows).toEqual([{ is_waiting: true }]),
    )
    await overdue()
    expect(await sweep()).toEqual({ replayedBatches: 0 })
    await update('update districts set quiet_from = 0, quiet_until = 0')
    const again = world.adapters.client.workflow.getHandle(`${workflowId}:2`)
    await again.terminate('planted')
    expect(await sweep()).toEqual({ replayedBatches: 1 })
    await relayOutbox({ ...world.adapters, ageSeconds: 0 })
    expect(await world.adapters.client.workflow.getHandle(`${workflowId}:3`).result()).toEqual({ told: 1 })
  })
  expect(mails).toHaveLength(1)
  await settle()
  expect((await update('select attempt from notice_batches')).rows).toEqual([{ attempt: 3 }])
  await post()
  expect((await update('select attempt from notice_batches')).rows).toEqual([{ attempt: 1 }])
  await settle()
})
