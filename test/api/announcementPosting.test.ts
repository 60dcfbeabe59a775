import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Problem } from '../../api/problem.ts'
import type { AnnouncementView } from '../../api/schemas/announcementSchema.ts'
import type { AttachmentView } from '../../api/schemas/attachmentSchema.ts'
import type { ChannelView } from '../../api/schemas/channelSchema.ts'
import { readDistrict, withDistrict } from '../../db/openDatabase.ts'
import { mayStillDownload, recordDownload } from '../../db/queries/recordDownload.ts'
import { createSampleDistrict } from '../db/roster.ts'
import { openAnnouncementRoom, type AnnouncementRoom, type AnnouncementPage } from '../support/announcementRoom.ts'
import type { Caller } from '../support/callApi.ts'
import { withCanary } from '../support/canary.ts'
import { endEnrollment, resumeEnrollment } from '../support/endRelation.ts'
import type { Room } from '../support/openRoom.ts'

let its: AnnouncementRoom
let room: Room
let teacher: Caller
let student: Caller
let guardian: Caller
let coTeacher: Caller
let sectionId: string

beforeAll(async () => {
  its = await openAnnouncementRoom()
  ;({ room, teacher, student, guardian, coTeacher, sectionId } = its)
})
afterAll(() => room?.close())

describe('posting', () => {
  test('sent again, twenty times at once and later, it is posted once; another text, address or author is refused', async () => {
    const id = newId()
    const answers = await Promise.all(Array.from({ length: 20 }, () => its.announce(teacher, 'once', { id })))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]))
    expect((await its.announce(teacher, 'once', { id })).body).toMatchObject({ id, text: withCanary('once') })
    const { rows } = await room.database.superuser.query('select id from announcements where id = $1', [id])
    expect(rows).toHaveLength(1)
    for (const [caller, text, more] of [
      [teacher, 'twice', {}],
      [teacher, 'once', { recipients: 'students' }],
      [coTeacher, 'once', {}],
    ] as const)
      expect(await its.announce(caller, text, { id, ...more })).toMatchObject({ status: 409, body: { code: 'message-id-reused' } })
  })

  test('names no recipient anywhere: it writes the same rows for a section of one and of forty', async () => {
    const { superuser } = room.database
    const count = async () =>
      Number(
        (
          await superuser.query(`select (select count(*) from announcements) + (select count(*) from section_boards) + (select count(*) from announcement_reads)
            + (select count(*) from outbox) + (select count(*) from audit_entries where action <> 'announcement.receipt') as n`)
        ).rows[0].n,
      )
    const written = async (): Promise<number> => {
      const before = await count()
      await its.announced('to all of you')
      return (await count()) - before
    }
    const few = await written()
    for (const _ of Array.from({ length: 40 })) await its.addPerson('student')
    expect(await written()).toBe(few)
  })

  test('a text that its author may be sorry for is asked about first, and posted with the token of that question', async () => {
    type Nudged = { nudge: { token: string } }
    const path = `/v1/sections/${sectionId}/announcements`
    const body = { text: withCanary('fiddlesticks to you all'), recipients: 'both' }
    const newest = async () => (await its.inbox(student, '?limit=1')).items[0]?.id
    const before = await newest()
    const asked = await teacher<Nudged>('POST', path, body)
    expect(asked).toMatchObject({ status: 200, body: { nudge: { token: expect.any(String) } } })
    expect(await newest()).toBe(before)
    const posted = await teacher<AnnouncementView>('POST', path, { ...body, nudgeToken: asked.body.nudge.token })
    expect(posted).toMatchObject({ status: 201, body: { text: body.text } })
    // Who may not say anything there is not asked either.
    expect((await student('POST', path, body)).status).toBe(403)
    expect((await room.stranger('POST', path, body)).status).toBe(404)
  })

  test('a text is sealed before it reaches the database, and an empty one is refused', async () => {
    const id = await its.announced('sealed')
    const { rows } = await room.database.superuser.query<{ body: Buffer }>('select body from announcements where id = $1', [id])
    expect(rows[0]?.body.includes(Buffer.from('sealed'))).toBe(false)
    expect((await its.announce(teacher, '', { text: ' ' })).status).toBe(422)
    expect((await its.announce(teacher, 'to whom', { recipients: 'everybody' })).status).toBe(422)
  })

  test('pages lead through all of them in both directions, newest first, without a gap or a repetition', async () => {
    const ids: string[] = []
    for (const text of ['a', 'b', 'c', 'd', 'e']) ids.push(await its.announced(text))
    const back: string[] = []
    let page = await its.inbox(student, '?limit=2')
    const [newest] = page.items
    for (;;) {
      back.push(...page.items.map((one) => one.id))
      if (page.before === null) break
      page = await its.inbox(student, `?limit=2&before=${page.before}`)
    }
    expect(back.slice(0, 5)).toEqual(ids.toReversed())
    expect(back).toEqual((await its.inbox(student)).items.map((one) => one.id))
    const oldest = page.after ?? ''
    const forth: string[] = page.items.map((one) => one.id).toReversed()
    for (
      let next = await its.inbox(student, `?limit=2&after=${oldest}`);
      next.items.length > 0;
      next = await its.inbox(student, `?limit=2&after=${next.after}`)
    )
      forth.push(...next.items.map((one) => one.id).toReversed())
    expect(forth.slice(-back.length)).toEqual(back.toReversed())
    expect(forth.at(-1)).toBe(newest?.id)
    expect(
      (await student<AnnouncementPage>('GET', `/v1/sections/${sectionId}/announcements?limit=3`)).body.items.map((one) => one.id),
    ).toEqual(ids.toReversed().slice(0, 3))
  })
})

describe('its files', () => {
  test('are seen exactly as it is: by kind of recipient, while hidden, and once withdrawn', async () => {
    const { id, attachmentId } = await its.announceFile('students')
    const seen = async () => [
      await its.opens(teacher, attachmentId),
      await its.opens(coTeacher, attachmentId),
      await its.opens(student, attachmentId),
      await its.opens(guardian, attachmentId),
      await its.opens(room.stranger, attachmentId),
    ]
    expect(await seen()).toEqual([true, true, true, false, false])
    expect((await student<AnnouncementView>('GET', `/v1/announcements/${id}`)).body.attachments).toMatchObject([
      { id: attachmentId, viewer: 'audience', announcementId: id, channelId: null, state: 'available' },
    ])
    await its.act(teacher, id, 'hide')
    expect(await seen()).toEqual([true, true, false, false, false])
    await its.act(teacher, id, 'unhide')
    expect(await seen()).toEqual([true, true, true, false, false])
    await its.act(teacher, id, 'withdraw')
    expect(await seen()).toEqual([false, false, false, false, false])
  })

  test('go with the recipient’s place in the section, and a download that runs is not let go on', async () => {
    const { attachmentId } = await its.announceFile('both')
    const leaver = await its.addPerson('student')
    const call = await its.callerOf(leaver.id)
    expect(await its.opens(call, attachmentId)).toBe(true)
    const { districtId } = room.district
    const ref = { attachmentId, actorId: leaver.id }
    const mayGoOn = () => readDistrict(room.api.deps.app, districtId, (tx) => mayStillDownload(tx, ref))
    expect(await withDistrict(room.api.deps.app, districtId, (tx) => recordDownload(tx, ref))).not.toBeNull()
    expect(await mayGoOn()).toBe(true)
    await endEnrollment(room.database, leaver.enrollmentId)
    expect(await mayGoOn()).toBe(false)
    expect(await its.opens(call, attachmentId)).toBe(false)
  })

  test('are sent to the section by its teachers alone, and before they are posted nobody but the sender sees them', async () => {
    const file = { fileName: 'a.txt', contentType: 'text/plain', bytes: 1 }
    const ticket = (caller: Caller) => caller<{ attachment: AttachmentView }>('POST', `/v1/sections/${sectionId}/attachments`, file)
    expect([(await ticket(student)).status, (await ticket(room.stranger)).status]).toEqual([403, 404])
    const attachmentId = (await ticket(teacher)).body.attachment.id
    expect((await teacher('GET', `/v1/attachments/${attachmentId}`)).status).toBe(200)
    expect((await coTeacher('GET', `/v1/attachments/${attachmentId}`)).status).toBe(404)
    expect((await student('GET', `/v1/attachments/${attachmentId}`)).status).toBe(404)
    // Neither in another's announcement, nor in a channel.
    expect((await its.announce(coTeacher, 'not mine', { attachmentIds: [attachmentId] })).status).toBe(409)
    const inChannel = { text: withCanary('x'), attachmentIds: [attachmentId] }
    expect((await teacher('POST', `/v1/channels/${room.channelId}/messages`, inChannel)).status).toBe(409)
    expect((await its.announce(teacher, 'mine', { attachmentIds: [attachmentId] })).status).toBe(201)
    expect((await its.announce(teacher, 'again', { attachmentIds: [attachmentId] })).status).toBe(409)
    expect((await coTeacher('DELETE', `/v1/attachments/${attachmentId}`)).status).toBe(403)
    expect((await teacher('DELETE', `/v1/attachments/${attachmentId}`)).status).toBe(204)
  })
})

const reply = (caller: Caller, id: string, body: object = {}) =>
  caller<ChannelView & Problem>('POST', `/v1/announcements/${id}/reply`, body)

describe('a reply', () => {
  test('opens, or goes on with, the one-to-one channel with the author, and no other recipient sees it', async () => {
    const id = await its.announced('questions?')
    const other = await its.callerOf((await its.addPerson('student')).id)
    const opened = await reply(student, id)
    expect(opened).toMatchObject({ status: 201, body: { id: room.channelId, teacher: { id: room.district.teacherId } } })
    const { body: fresh } = await reply(other, id)
    expect(fresh.id).not.toBe(room.channelId)
    expect((await reply(other, id)).body.id).toBe(fresh.id)
    const posted = await other('POST', `/v1/channels/${fresh.id}/messages`, { text: withCanary('when is it due?') })
    expect(posted.status).toBe(201)
    expect((await teacher('GET', `/v1/channels/${fresh.id}/messages`)).status).toBe(200)
    for (const caller of [student, guardian, coTeacher]) expect((await caller('GET', `/v1/channels/${fresh.id}`)).status).toBe(404)
  })

  test('of a guardian names the child, one for whom they receive it', async () => {
    const id = await its.announced('to the parents', { recipients: 'guardians' })
    const stranger = await its.addPerson('student')
    expect(await reply(guardian, id)).toMatchObject({ status: 422, body: { code: 'invalid-input' } })
    expect((await reply(guardian, id, { studentId: stranger.id })).status).toBe(404)
    const { status, body } = await reply(guardian, id, { studentId: room.district.studentId })
    expect(status).toBe(201)
    expect(body).toMatchObject({ participant: { id: room.district.guardianId }, student: { id: room.district.studentId } })
  })

  test('is for who receives it: not for a student whom it is not for, nor for teachers, nor to what was taken back', async () => {
    const forGuardians = await its.announced('to the parents', { recipients: 'guardians' })
    expect((await reply(student, forGuardians)).status).toBe(404)
    expect((await reply(coTeacher, forGuardians)).status).toBe(403)
    await its.act(teacher, forGuardians, 'hide')
    expect((await reply(guardian, forGuardians, { studentId: room.district.studentId })).status).toBe(404)
  })
})

describe('what its teachers see of its way', () => {
  test('who can see it, has read it, never signed in, and could not be told; by the roster of the moment', async () => {
    const other = await createSampleDistrict(room.database.superuser)
    const call = await its.callerOf(other.teacherId, other.districtId)
    const parent = await its.callerOf(other.guardianId, other.districtId)
    const path = `/v1/sections/${other.sectionId}/announcements`
    const id = (await call<AnnouncementView>('POST', path, { text: withCanary('x'), recipients: 'both' })).body.id
    const delivery = async () => (await call('GET', `/v1/announcements/${id}/delivery`)).body
    // The guardian has signed in; the student never has, and the roster knows no address.
    expect(await delivery()).toEqual({ canSee: 2, haveRead: 0, notSignedUp: 1, unreachable: 1 })
    await parent('PUT', `/v1/announcements/${id}/read-mark`)
    await room.database.superuser.query(`update users set phone = '\\x00' where id = $1`, [other.studentId])
    expect(await delivery()).toEqual({ canSee: 2, haveRead: 1, notSignedUp: 1, unreachable: 0 })
    await endEnrollment(room.database, other.learningId)
    expect(await delivery()).toEqual({ canSee: 0, haveRead: 0, notSignedUp: 0, unreachable: 0 })
    await resumeEnrollment(room.database, other.learningId)
    await call('POST', `/v1/announcements/${id}/hide`)
    expect(await delivery()).toMatchObject({ canSee: 0 })
  })

  test('who reads in any order is remembered for each announcement', async () => {
    const ids = [await its.announced('1'), await its.announced('2'), await its.announced('3')]
    const marks = async () =>
      (await its.inbox(student)).items
        .filter((one) => ids.includes(one.id))
        .map((one) => (one.isRead ? one.id : null))
        .toReversed()
    await its.read(student, ids[2] ?? '')
    expect(await marks()).toEqual([null, null, ids[2]])
    await its.read(student, ids[0] ?? '')
    expect(await marks()).toEqual([ids[0], null, ids[2]])
    await its.read(student, ids[1] ?? '')
    expect(await marks()).toEqual(ids)
    const { rows } = await room.database.superuser.query(`select 1 from announcement_reads where user_id = $1 and section_id = $2`, [
      room.district.studentId,
      sectionId,
    ])
    expect(rows).toHaveLength(1)
  })
})
