import { randomBytes } from 'node:crypto'
import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readDistrict, withDistrict } from '../../db/openDatabase.ts'
import type { Database } from '../../db/openDatabase.ts'
import { createAttachment } from '../../db/queries/createAttachment.ts'
import { findChannel } from '../../db/queries/findChannel.ts'
import { listChannels } from '../../db/queries/listChannels.ts'
import { listMessages } from '../../db/queries/listMessages.ts'
import { listRecipients } from '../../db/queries/listRecipients.ts'
import { openChannel } from '../../db/queries/openChannel.ts'
import { postMessage } from '../../db/queries/postMessage.ts'
import { createTestDatabase } from '../support/database.ts'
import type { TestDatabase } from '../support/database.ts'
import { createSampleDistrict, schoolYear } from './roster.ts'
import type { SampleDistrict } from './roster.ts'

let test: TestDatabase
let app: Database

beforeAll(async () => {
  test = await createTestDatabase()
  app = await test.open('app')
})
afterAll(() => test.close())

const inDistrict = <T>(district: SampleDistrict, work: Parameters<typeof withDistrict<T>>[2]): Promise<T> =>
  withDistrict(app, district.districtId, work)

const openWithGuardian = async (district: SampleDistrict): Promise<string> => {
  const { teacherId, guardianId, studentId } = district
  const opened = await inDistrict(district, (tx) => openChannel(tx, { teacherId, participantId: guardianId, studentId }))
  if (opened === null) throw new Error('the channel did not open')
  return opened.channel.id
}

const post = (district: SampleDistrict, channelId: string, authorId: string, attachmentIds: string[] = []) =>
  inDistrict(district, (tx) => postMessage(tx, { id: newId(), channelId, authorId, body: randomBytes(40), attachmentIds }))

const upload = (district: SampleDistrict, channelId: string, uploaderId: string) =>
  inDistrict(district, (tx) =>
    createAttachment(tx, {
      id: newId(),
      channelId,
      uploaderId,
      fileName: randomBytes(40),
      contentType: 'application/pdf',
      bytes: 1_000,
      ticketSeconds: 600,
    }),
  )

describe('openChannel', () => {
  it('opens a channel with a rostered student, and answers the same one the second time', async () => {
    const district = await createSampleDistrict(test.superuser)
    const people = { teacherId: district.teacherId, participantId: district.studentId, studentId: district.studentId }
    const first = await inDistrict(district, (tx) => openChannel(tx, people))
    const second = await inDistrict(district, (tx) => openChannel(tx, people))
    expect(first).toMatchObject({ isNew: true, channel: { ...people, schoolYear } })
    expect(second).toMatchObject({ isNew: false, channel: { id: first?.channel.id } })
  })

  it('gives all of many simultaneous callers the same channel', async () => {
    const district = await createSampleDistrict(test.superuser)
    const ids = await Promise.all(Array.from({ length: 20 }, () => openWithGuardian(district)))
    expect(new Set(ids).size).toBe(1)
  })

  it.each(['denied', 'unknown'])('opens nothing with a guardian whose custody is %s', async (custody) => {
    const district = await createSampleDistrict(test.superuser)
    await test.superuser.query('update guardianships set custody = $2 where id = $1', [district.guardingId, custody])
    await expect(openWithGuardian(district)).rejects.toThrow('did not open')
  })

  it('opens nothing for a teacher whom the roster does not connect', async () => {
    const district = await createSampleDistrict(test.superuser)
    const { strangerId: teacherId, studentId } = district
    expect(await inDistrict(district, (tx) => openChannel(tx, { teacherId, participantId: studentId, studentId }))).toBeNull()
  })

  it('opens nothing between a teacher and another student’s name given as participant', async () => {
    const district = await createSampleDistrict(test.superuser)
    const { teacherId, studentId, strangerId } = district
    expect(await inDistrict(district, (tx) => openChannel(tx, { teacherId, participantId: strangerId, studentId }))).toBeNull()
  })
})

describe('postMessage', () => {
  it('counts messages without gaps under simultaneous posts', async () => {
    const district = await createSampleDistrict(test.superuser)
    const channelId = await openWithGuardian(district)
    const outcomes = await Promise.all(
      Array.from({ length: 30 }, (_, index) => post(district, channelId, index % 2 ? district.teacherId : district.guardianId)),
    )
    const sequence = outcomes.flatMap((outcome) => (outcome.outcome === 'posted' ? [outcome.seq] : [])).toSorted((a, b) => a - b)
    expect(sequence).toEqual(Array.from({ length: 30 }, (_, index) => index + 1))
  })

  it('hides the channel from everyone but its two people, the student it is about included', async () => {
    const district = await createSampleDistrict(test.superuser)
    const channelId = await openWithGuardian(district)
    expect(await post(district, channelId, district.studentId)).toEqual({ outcome: 'hidden' })
    expect(await post(district, channelId, district.strangerId)).toEqual({ outcome: 'hidden' })
    expect(await post(district, newId(), district.teacherId)).toEqual({ outcome: 'hidden' })
  })

  it('binds attachments in the order given', async () => {
    const district = await createSampleDistrict(test.superuser)
    const channelId = await openWithGuardian(district)
    const ids: string[] = []
    for (let count = 0; count < 3; count += 1) ids.push((await upload(district, channelId, district.teacherId))?.id ?? '')
    const order = [ids[2] ?? '', ids[0] ?? '', ids[1] ?? '']
    expect(await post(district, channelId, district.teacherId, order)).toMatchObject({ outcome: 'posted' })
    const [message] = await readDistrict(app, district.districtId, (tx) =>
      listMessages(tx, { channelId, actorId: district.guardianId, as: 'party', limit: 10 }),
    )
    expect(message?.attachments.map(({ id }) => id)).toEqual(order)
  })

  it('posts nothing when one attachment is another person’s, posted already, or expired', async () => {
    const district = await createSampleDistrict(test.superuser)
    const channelId = await openWithGuardian(district)
    const own = (await upload(district, channelId, district.teacherId))?.id ?? ''
    const others = (await upload(district, channelId, district.guardianId))?.id ?? ''
    expect(await post(district, channelId, district.teacherId, [own, others])).toEqual({ outcome: 'attachments-unusable' })
    expect(await post(district, channelId, district.teacherId, [own, own])).toEqual({ outcome: 'attachments-unusable' })
    await test.superuser.query(`update attachments set state = 'expired' where id = $1`, [own])
    expect(await post(district, channelId, district.teacherId, [own])).toEqual({ outcome: 'attachments-unusable' })
    await test.superuser.query(`update attachments set state = 'clean', verdict = 'clean', clean_key = 'k' where id = $1`, [own])
    expect(await post(district, channelId, district.teacherId, [own])).toMatchObject({ outcome: 'posted', seq: 1 })
    expect(await post(district, channelId, district.teacherId, [own])).toEqual({ outcome: 'attachments-unusable' })
  })

  it('gives an attachment to one of two simultaneous posts', async () => {
    const district = await createSampleDistrict(test.superuser)
    const channelId = await openWithGuardian(district)
    const id = (await upload(district, channelId, district.teacherId))?.id ?? ''
    const outcomes = await Promise.allSettled([1, 2, 3, 4].map(() => post(district, channelId, district.teacherId, [id])))
    const posted = outcomes.filter((outcome) => outcome.status === 'fulfilled' && outcome.value.outcome === 'posted')
    expect(posted).toHaveLength(1)
    const { rows } = await test.superuser.query('select count(*)::int as count from messages where channel_id = $1', [channelId])
    expect(rows).toEqual([{ count: 1 }])
  })
})

describe('reading', () => {
  it('pages messages both ways', async () => {
    const district = await createSampleDistrict(test.superuser)
    const channelId = await openWithGuardian(district)
    for (let count = 0; count < 5; count += 1) await post(district, channelId, district.teacherId)
    const read = async (page: { before?: number; after?: number }): Promise<number[]> => {
      const messages = await readDistrict(app, district.districtId, (tx) =>
        listMessages(tx, { channelId, actorId: district.guardianId, as: 'party', limit: 2, ...page }),
      )
      return messages.map(({ seq }) => seq)
    }
    expect(await read({})).toEqual([5, 4])
    expect(await read({ before: 4 })).toEqual([3, 2])
    expect(await read({ after: 2 })).toEqual([3, 4])
  })

  it('lists each person’s live channels, the most recently active first, page by page', async () => {
    const district = await createSampleDistrict(test.superuser)
    const { teacherId, studentId, guardianId } = district
    const withStudent = await inDistrict(district, (tx) => openChannel(tx, { teacherId, participantId: studentId, studentId }))
    const withGuardian = await openWithGuardian(district)
    await post(district, withStudent?.channel.id ?? '', teacherId)
    const list = (actorId: string, after?: { activeAt: string; channelId: string }, limit = 10) =>
      inDistrict(district, (tx) => listChannels(tx, { actorId, after, limit }))
    const ids = async (actorId: string): Promise<string[]> => (await list(actorId)).map(({ channel }) => channel.id)
    expect(await ids(teacherId)).toEqual([withStudent?.channel.id, withGuardian])
    expect(await ids(studentId)).toEqual([withStudent?.channel.id])
    expect(await ids(guardianId)).toEqual([withGuardian])
    expect(await ids(district.strangerId)).toEqual([])
    const [first] = await list(teacherId, undefined, 1)
    const rest = await list(teacherId, first?.cursor, 1)
    expect([first?.channel.id, rest[0]?.channel.id]).toEqual([withStudent?.channel.id, withGuardian])
  })

  it('tells a teacher whom the roster lets them write to', async () => {
    const district = await createSampleDistrict(test.superuser)
    const { teacherId, studentId, guardianId, strangerId } = district
    const people = await inDistrict(district, (tx) => listRecipients(tx, { teacherId, limit: 10 }))
    expect(new Set(people.map(({ participantId }) => participantId))).toEqual(new Set([studentId, guardianId]))
    expect(people.every((person) => person.studentId === studentId)).toBe(true)
    const [first] = people
    expect(await inDistrict(district, (tx) => listRecipients(tx, { teacherId, limit: 10, after: first }))).toHaveLength(1)
    expect(await inDistrict(district, (tx) => listRecipients(tx, { teacherId: strangerId, limit: 10 }))).toEqual([])
  })

  it('calls the relation ended for a party and a stranger everyone else', async () => {
    const district = await createSampleDistrict(test.superuser)
    const channelId = await openWithGuardian(district)
    const relationOf = async (actorId: string): Promise<unknown> =>
      (await inDistrict(district, (tx) => findChannel(tx, { channelId, actorId })))?.relation
    expect(await relationOf(district.guardianId)).toBe('rostered')
    expect(await relationOf(district.studentId)).toBe('stranger')
    await test.superuser.query('update enrollments set until_version = 2 where id = $1', [district.learningId])
    expect(await relationOf(district.guardianId)).toBe('ended')
    expect(await relationOf(district.teacherId)).toBe('ended')
  })
})
