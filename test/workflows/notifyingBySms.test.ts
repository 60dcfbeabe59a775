import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { MailRefused } from '../../clients/smtpMailer.ts'
import { SmsUnavailable } from '../../clients/awsSmsSender.ts'
import { withDistrict, type DistrictTransaction } from '../../db/openDatabase.ts'
import { enqueueNotifying } from '../../db/queries/addNotices.ts'
import { markRead } from '../../db/queries/markRead.ts'
import { postMessage } from '../../db/queries/postMessage.ts'
import { setMailOff, setSmsOff } from '../../db/queries/setNotifications.ts'
import type { Sms } from '../../domain/ports.ts'
import type { Adapters } from '../../worker/openAdapters.ts'
import { relayOutbox } from '../../worker/relayOutbox.ts'
import { notifyPersonId, toNotifyingStart } from '../../workflows/contract.ts'
import { addGuardian, type AddedGuardian } from '../support/addGuardian.ts'
import { createAttachmentWorld, type AttachmentWorld } from '../support/attachmentWorld.ts'
import { withCanary } from '../support/canary.ts'
import { present } from '../support/present.ts'
import { mailsTo, replyBySms, smsTo } from '../support/sinks.ts'
import { startFaultyWorkers } from '../support/startFaultyWorkers.ts'

let world: AttachmentWorld
beforeAll(async () => {
  world = await createAttachmentWorld({ noticePace: { firstAfterMs: 100, againAfterMs: 600, awayWaitMs: 200 } })
  await world.startWorkers()
  // By day and by night alike.
  await world.database.superuser.query('update districts set quiet_from = 0, quiet_until = 0 where id = $1', [world.channel.districtId])
})
afterAll(() => world?.close())

let serial = 0
/** Numbers of fiction, another for each test. */
const newNumber = (): string => {
  serial += 1
  return `+1202555${String(100 + serial).padStart(4, '0')}`
}

const inDistrict = <T>(work: (tx: DistrictTransaction) => Promise<T>): Promise<T> =>
  withDistrict(world.adapters.app, world.channel.districtId, work)

const guardianWith = (known: Parameters<typeof addGuardian>[2]): Promise<AddedGuardian> => addGuardian(world.adapters, world.channel, known)

/** The teacher writes to them. Their run has ended when they were told and have read it. */
const tell = async ({ userId, channelId }: AddedGuardian): Promise<void> => {
  const { districtId, teacherId } = world.channel
  const cipher = await world.adapters.districtKeys.forDistrict(districtId)
  const id = newId()
  const body = cipher.sealText({ table: 'messages', rowId: id, column: 'body' }, withCanary('what was written'))
  const batch = await inDistrict(async (tx) => {
    const posted = await postMessage(tx, { id, channelId, authorId: teacherId, body, attachmentIds: [] })
    if (posted.outcome !== 'posted') throw new Error(posted.outcome)
    await enqueueNotifying(tx, posted.opened, toNotifyingStart(world.config.taskQueues.maintenance))
    return present(posted.opened[0]).batch
  })
  await relayOutbox({ ...world.adapters, ageSeconds: 0 })
  const run = world.adapters.client.workflow.getHandle(notifyPersonId({ userId, batch }))
  expect(await run.result()).toEqual({ told: 1 })
  await inDistrict((tx) => markRead(tx, { channelId, actorId: userId, as: 'party', seq: 1_000_000 }))
}

/** While the workers have these in place of their own adapters. */
const within = async (adapters: Partial<Adapters>, work: () => Promise<void>): Promise<void> => {
  await Promise.all(world.running().map((workers) => workers.drain()))
  const faulty = await startFaultyWorkers(world, { adapters })
  try {
    await work()
  } finally {
    await faulty.drain()
    await world.startWorkers()
  }
}

describe('a guardian of whom the roster has only a number', () => {
  test('is told by one text message, in their language, by number and without a word, a name or a file of it', async () => {
    const number = newNumber()
    const guardian = await guardianWith({ phone: `(${number.slice(2, 5)}) ${number.slice(5, 8)}-${number.slice(8)}`, language: 'es-MX' })
    await tell(guardian)
    expect(await smsTo(number)).toEqual([
      {
        id: `notice.${guardian.userId}.1.1`,
        to: number,
        text: 'Hallpass: tiene 1 mensaje nuevo. Entre para leer: http://127.0.0.1:8080 Responda STOP para no recibir estos avisos.',
      },
    ])
  })

  test('and who answered STOP gets none, which is no error, until they ask for them again', async () => {
    const number = newNumber()
    const guardian = await guardianWith({ phone: number })
    await replyBySms(number, 'STOP')
    await tell(guardian)
    const refused = () =>
      world.database.superuser.query('select 1 from notice_settings where user_id = $1 and refused_phone_hash is not null', [
        guardian.userId,
      ])
    expect((await refused()).rowCount).toBe(1)
    await replyBySms(number, 'START')
    await tell(guardian)
    expect(await smsTo(number)).toEqual([])
    await inDistrict((tx) => setSmsOff(tx, { userId: guardian.userId, isOff: false }))
    await tell(guardian)
    expect(await smsTo(number)).toHaveLength(1)
  })

  test('and who wants none gets none; nor does a number that cannot be written to', async () => {
    const [number, unfit] = [newNumber(), await guardianWith({ phone: '555-0100 ext. 7' })]
    const guardian = await guardianWith({ phone: number })
    await inDistrict((tx) => setSmsOff(tx, { userId: guardian.userId, isOff: true }))
    for (const one of [guardian, unfit]) await tell(one)
    expect(await smsTo(number)).toEqual([])
  })

  test('is told when the provider is there again', async () => {
    const number = newNumber()
    const guardian = await guardianWith({ phone: number })
    const own = present(world.adapters.smsSender)
    let tries = 0
    const flaky = {
      send: (sms: Sms) => {
        tries += 1
        return tries === 1 ? Promise.reject(new SmsUnavailable('TimeoutError')) : own.send(sms)
      },
    }
    await within({ smsSender: flaky }, () => tell(guardian))
    expect(tries).toBe(2)
    expect(await smsTo(number)).toHaveLength(1)
  })
})

describe('a guardian with an address and a number', () => {
  test('is told by mail alone, and by nothing when they want no mail', async () => {
    const [number, email] = [newNumber(), `guardian-${newId()}@example.org`]
    const guardian = await guardianWith({ email, phone: number })
    await tell(guardian)
    await inDistrict((tx) => setMailOff(tx, { userId: guardian.userId, isOff: true }))
    await tell(guardian)
    expect([(await mailsTo(email)).length, await smsTo(number)]).toEqual([1, []])
  })

  test('whose address is refused for good is told by text message, of the same and at once', async () => {
    const [number, email] = [newNumber(), `guardian-${newId()}@example.org`]
    const guardian = await guardianWith({ email, phone: number })
    const mailer = { send: () => Promise.reject(new MailRefused('the mail server refused the address: 550')) }
    await within({ mailer }, () => tell(guardian))
    expect(await smsTo(number)).toMatchObject([{ id: `notice.${guardian.userId}.1.1` }])
  })
})

test('nobody but a guardian is written to by phone', async () => {
  const number = newNumber()
  const student = await guardianWith({ phone: number })
  await world.database.superuser.query(`update users set role = 'student' where id = $1`, [student.userId])
  await tell(student)
  expect(await smsTo(number)).toEqual([])
})
