import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Problem } from '../../api/problem.ts'
import type { AnnouncementView } from '../../api/schemas/announcementSchema.ts'
import type { AttachmentView } from '../../api/schemas/attachmentSchema.ts'
import type { ChannelView } from '../../api/schemas/channelSchema.ts'
import { readDistrict, withDistrict } from '../../db/openDatabase.ts'
import { mayStillDownload, recordDownload } from '../../db/queries/recordDownload.ts'
import { addEnrollment, addUser, createSampleDistrict } from '../db/roster.ts'
import { createCaller, type Caller } from '../support/callApi.ts'
import { withCanary } from '../support/canary.ts'
import { endEnrollment, resumeEnrollment } from '../support/endRelation.ts'
import { openRoom, type Room } from '../support/openRoom.ts'
import { release } from '../support/placeFiles.ts'
import { signIn } from '../support/signIn.ts'

let room: Room
let teacher: Caller
let student: Caller
let guardian: Caller
let coTeacher: Caller
let sectionId: string

const callerOf = async (userId: string, districtId = room.district.districtId): Promise<Caller> =>
  createCaller(room.api.url, (await signIn(room.api.deps.app, districtId, userId)).token)

/** Somebody new of the district, in the section when `role` is a place in it. */
const addPerson = async (role: 'teacher' | 'student' | 'guardian', place = sectionId): Promise<{ id: string; enrollmentId: string }> => {
  const { districtId } = room.district
  const [id, enrollmentId] = [newId(), newId()]
  await addUser(room.database.superuser, districtId, id, role)
  if (role !== 'guardian')
    await addEnrollment(room.database.superuser, districtId, { id: enrollmentId, userId: id, sectionId: place, role })
  return { id, enrollmentId }
}

const addChild = (guardianId: string, studentId: string): Promise<unknown> =>
  room.database.superuser.query(
    `insert into guardianships (district_id, id, guardian_id, student_id, relation, custody, begins, since_version)
     values ($1, $2, $3, $4, 'parent', 'permitted', current_date - 100, 1)`,
    [room.district.districtId, newId(), guardianId, studentId],
  )

beforeAll(async () => {
  room = await openRoom()
  ;({ teacher, student } = room)
  sectionId = room.district.sectionId
  // Before anything is posted: the words of a district are remembered for a while.
  await room.database.superuser.query(`insert into district_words values ($1, 'en', 'fiddlesticks', 'nudge')`, [room.district.districtId])
  guardian = await callerOf(room.district.guardianId)
  coTeacher = await callerOf((await addPerson('teacher')).id)
})
afterAll(() => room?.close())

type Page = { items: AnnouncementView[]; before: string | null; after: string | null }

const announce = (caller: Caller, text: string, more: object = {}) =>
  caller<AnnouncementView & Problem>('POST', `/v1/sections/${sectionId}/announcements`, {
    text: withCanary(text),
    recipients: 'both',
    ...more,
  })
const announced = async (text: string, more: object = {}): Promise<string> => {
  const { status, body } = await announce(teacher, text, more)
  expect(status).toBe(201)
  return body.id
}
const inbox = async (caller: Caller, query = '?limit=100'): Promise<Page> => (await caller<Page>('GET', `/v1/announcements${query}`)).body
const sees = async (caller: Caller, id: string): Promise<boolean> => {
  const listed = (await inbox(caller)).items.some((one) => one.id === id)
  expect((await caller('GET', `/v1/announcements/${id}`)).status).toBe(listed ? 200 : 404)
  return listed
}
/** By the teacher, the co-teacher, the student and the guardian. */
const seenBy = async (id: string) => [await sees(teacher, id), await sees(coTeacher, id), await sees(student, id), await sees(guardian, id)]
const act = (caller: Caller, id: string, verb: 'hide' | 'unhide' | 'withdraw') =>
  caller<AnnouncementView & Problem>('POST', `/v1/announcements/${id}/${verb}`)
const read = (caller: Caller, id: string) => caller<AnnouncementView>('PUT', `/v1/announcements/${id}/read-mark`)
const audited = async (action: string, target: string) =>
  (
    await room.database.superuser.query<{ actor: string; details: unknown }>(
      'select actor, details from audit_entries where action = $1 and target = $2 order by id',
      [action, target],
    )
  ).rows

/** A file of the teacher's that was posted to the section, and is clean. */
const announceFile = async (recipients: string): Promise<{ id: string; attachmentId: string }> => {
  const file = { fileName: `${withCanary('homework')}.pdf`, contentType: 'application/pdf', bytes: 1_000 }
  const ticket = await teacher<{ attachment: { id: string } }>('POST', `/v1/sections/${sectionId}/attachments`, file)
  expect(ticket.status).toBe(201)
  const attachmentId = ticket.body.attachment.id
  const id = await announced('homework', { recipients, attachmentIds: [attachmentId] })
  await release(room.api.deps, room.database, {
    districtId: room.district.districtId,
    attachmentId,
    bytes: Buffer.from(withCanary('content')),
  })
  return { id, attachmentId }
}

const opens = async (caller: Caller, attachmentId: string): Promise<boolean> => {
  const statuses = [
    (await caller('GET', `/v1/attachments/${attachmentId}`)).status,
    (await caller('GET', `/v1/attachments/${attachmentId}/content`)).status,
  ]
  expect(statuses[0]).toBe(statuses[1])
  return statuses[0] === 200
}

type SectionPage = {
  items: { id: string; isTeacher: boolean; isStudent: boolean; children: { id: string }[] }[]
  nextCursor: string | null
}
const placeOf = async (caller: Caller) =>
  (await caller<SectionPage>('GET', '/v1/sections?limit=100')).body.items.find(({ id }) => id === sectionId)

describe('the list of sections', () => {
  test('names those in which the roster puts a person, and how, until it does no more', async () => {
    expect(await placeOf(teacher)).toMatchObject({ isTeacher: true, isStudent: false, children: [] })
    expect(await placeOf(student)).toMatchObject({ isTeacher: false, isStudent: true, children: [] })
    expect(await placeOf(guardian)).toMatchObject({ isTeacher: false, isStudent: false, children: [{ id: room.district.studentId }] })
    await endEnrollment(room.database, room.district.learningId)
    expect([await placeOf(student), await placeOf(guardian)]).toEqual([undefined, undefined])
    await resumeEnrollment(room.database, room.district.learningId)
  })
})

describe('an announcement', () => {
  test('is seen by the section’s teachers, and by students and guardians as it was addressed', async () => {
    expect(await seenBy(await announced('for all'))).toEqual([true, true, true, true])
    expect(await seenBy(await announced('for students', { recipients: 'students' }))).toEqual([true, true, true, false])
    expect(await seenBy(await announced('for guardians', { recipients: 'guardians' }))).toEqual([true, true, false, true])
    expect((await inbox(room.stranger)).items).toEqual([])
  })

  test('comes from a teacher whom the roster enrolls there, and from nobody else', async () => {
    const statuses = [student, guardian, room.stranger].map(async (caller) => (await announce(caller, 'not mine to say')).status)
    expect(await Promise.all(statuses)).toEqual([403, 403, 404])
    // Whom the district connects with a student stands where a teacher does in a channel, and is no teacher of a section.
    await room.database.superuser.query(
      `insert into provider_connections values ($1, $2, $3, $4, $3, current_date - 9, current_date + 9, 1, null, null)`,
      [room.district.districtId, newId(), room.district.strangerId, room.district.studentId],
    )
    expect((await room.stranger('POST', '/v1/channels', { studentId: room.district.studentId })).status).toBe(201)
    expect((await announce(room.stranger, 'from a provider')).status).toBe(404)
  })

  test('says whose it is, and to a guardian for which children', async () => {
    const [sibling, elsewhere] = [await addPerson('student'), await addPerson('guardian')]
    await addChild(room.district.guardianId, sibling.id)
    await addChild(elsewhere.id, sibling.id)
    const id = await announced('a trip')
    const { body } = await guardian<AnnouncementView>('GET', `/v1/announcements/${id}`)
    expect(body).toMatchObject({ standing: 'participant', isForSelf: false, author: { id: room.district.teacherId } })
    expect(body.children.map((child) => child.id).toSorted()).toEqual([room.district.studentId, sibling.id].toSorted())
    expect((await inbox(guardian)).items.filter((one) => one.id === id)).toHaveLength(1)
    await endEnrollment(room.database, sibling.enrollmentId)
    expect((await guardian<AnnouncementView>('GET', `/v1/announcements/${id}`)).body.children.map((child) => child.id)).toEqual([
      room.district.studentId,
    ])
    expect(await sees(await callerOf(elsewhere.id), id)).toBe(false)
    expect((await student<AnnouncementView>('GET', `/v1/announcements/${id}`)).body).toMatchObject({ isForSelf: true, children: [] })
  })

  test('is seen by who joins the section later, and no more by who leaves it, from the next read on', async () => {
    const id = await announced('before they came')
    const late = await addPerson('student')
    const call = await callerOf(late.id)
    expect(await sees(call, id)).toBe(true)
    await endEnrollment(room.database, late.enrollmentId)
    expect(await sees(call, id)).toBe(false)
    expect((await read(call, id)).status).toBe(404)
    expect((await call('POST', `/v1/announcements/${id}/reply`, {})).status).toBe(404)
    expect((await call('GET', `/v1/sections/${sectionId}/announcements`)).status).toBe(404)
  })

  test('ends with its author’s place in the section: nobody reads on what a teacher said who has left', async () => {
    const id = await announced('from one who leaves')
    await endEnrollment(room.database, room.district.teachingId)
    expect([await sees(teacher, id), await sees(coTeacher, id), await sees(student, id), await sees(guardian, id)]).toEqual([
      false,
      false,
      false,
      false,
    ])
    expect((await announce(teacher, 'too late')).status).toBe(404)
    await resumeEnrollment(room.database, room.district.teachingId)
    expect(await sees(student, id)).toBe(true)
  })

  test('of another district is like one that does not exist', async () => {
    const other = await createSampleDistrict(room.database.superuser)
    const foreign = await callerOf(other.teacherId, other.districtId)
    const id = await announced('not yours')
    expect(await sees(foreign, id)).toBe(false)
    expect((await foreign('POST', `/v1/sections/${sectionId}/announcements`, { text: withCanary('x'), recipients: 'both' })).status).toBe(
      404,
    )
    expect((await foreign('GET', `/v1/sections/${sectionId}/announcements`)).status).toBe(404)
  })
})

const switchOff = (feature: string) =>
  room.database.superuser.query('update feature_switches set switched_off_at = now() where district_id = $1 and feature = $2', [
    room.district.districtId,
    feature,
  ])
const switchOn = (feature: string) =>
  room.database.superuser.query('update feature_switches set switched_off_at = null where district_id = $1 and feature = $2', [
    room.district.districtId,
    feature,
  ])

describe('where the district has switched it off', () => {
  test('nothing is said or seen, and conversations go on; it comes back as it was', async () => {
    const id = await announced('said before')
    await switchOff('announcements')
    expect(await seenBy(id)).toEqual([false, false, false, false])
    expect((await announce(teacher, 'not now')).status).toBe(404)
    expect((await teacher('GET', `/v1/channels/${room.channelId}`)).status).toBe(200)
    await switchOn('announcements')
    expect(await seenBy(id)).toEqual([true, true, true, true])
  })

  test('guardians see nothing without guardians, and files are not there without attachments', async () => {
    const { id, attachmentId } = await announceFile('both')
    await switchOff('guardians')
    expect(await seenBy(id)).toEqual([true, true, true, false])
    await switchOn('guardians')
    await switchOff('attachments')
    expect((await student<AnnouncementView>('GET', `/v1/announcements/${id}`)).body.attachments).toEqual([])
    expect(await opens(student, attachmentId)).toBe(false)
    const file = { fileName: 'a.txt', contentType: 'text/plain', bytes: 1 }
    expect((await teacher('POST', `/v1/sections/${sectionId}/attachments`, file)).status).toBe(404)
    await switchOn('attachments')
    expect(await opens(student, attachmentId)).toBe(true)
  })
})

describe('posting', () => {
  test('sent again, twenty times at once and later, it is posted once; another text, address or author is refused', async () => {
    const id = newId()
    const answers = await Promise.all(Array.from({ length: 20 }, () => announce(teacher, 'once', { id })))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]))
    expect((await announce(teacher, 'once', { id })).body).toMatchObject({ id, text: withCanary('once') })
    const { rows } = await room.database.superuser.query('select id from announcements where id = $1', [id])
    expect(rows).toHaveLength(1)
    for (const [caller, text, more] of [
      [teacher, 'twice', {}],
      [teacher, 'once', { recipients: 'students' }],
      [coTeacher, 'once', {}],
    ] as const)
      expect(await announce(caller, text, { id, ...more })).toMatchObject({ status: 409, body: { code: 'message-id-reused' } })
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
      await announced('to all of you')
      return (await count()) - before
    }
    const few = await written()
    for (const _ of Array.from({ length: 40 })) await addPerson('student')
    expect(await written()).toBe(few)
  })

  test('a text that its author may be sorry for is asked about first, and posted with the token of that question', async () => {
    type Nudged = { nudge: { token: string } }
    const path = `/v1/sections/${sectionId}/announcements`
    const body = { text: withCanary('fiddlesticks to you all'), recipients: 'both' }
    const newest = async () => (await inbox(student, '?limit=1')).items[0]?.id
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
    const id = await announced('sealed')
    const { rows } = await room.database.superuser.query<{ body: Buffer }>('select body from announcements where id = $1', [id])
    expect(rows[0]?.body.includes(Buffer.from('sealed'))).toBe(false)
    expect((await announce(teacher, '', { text: ' ' })).status).toBe(422)
    expect((await announce(teacher, 'to whom', { recipients: 'everybody' })).status).toBe(422)
  })

  test('pages lead through all of them in both directions, newest first, without a gap or a repetition', async () => {
    const ids: string[] = []
    for (const text of ['a', 'b', 'c', 'd', 'e']) ids.push(await announced(text))
    const back: string[] = []
    let page = await inbox(student, '?limit=2')
    const [newest] = page.items
    for (;;) {
      back.push(...page.items.map((one) => one.id))
      if (page.before === null) break
      page = await inbox(student, `?limit=2&before=${page.before}`)
    }
    expect(back.slice(0, 5)).toEqual(ids.toReversed())
    expect(back).toEqual((await inbox(student)).items.map((one) => one.id))
    const oldest = page.after ?? ''
    const forth: string[] = page.items.map((one) => one.id).toReversed()
    for (
      let next = await inbox(student, `?limit=2&after=${oldest}`);
      next.items.length > 0;
      next = await inbox(student, `?limit=2&after=${next.after}`)
    )
      forth.push(...next.items.map((one) => one.id).toReversed())
    expect(forth.slice(-back.length)).toEqual(back.toReversed())
    expect(forth.at(-1)).toBe(newest?.id)
    expect((await student<Page>('GET', `/v1/sections/${sectionId}/announcements?limit=3`)).body.items.map((one) => one.id)).toEqual(
      ids.toReversed().slice(0, 3),
    )
  })
})

describe('taking back', () => {
  test('a hidden one is gone for its recipients and stays for the section’s teachers; a co-teacher may hide it, and show it again', async () => {
    const id = await announced('too early')
    expect(await act(coTeacher, id, 'hide')).toMatchObject({ status: 200, body: { state: 'hidden' } })
    expect([await sees(student, id), await sees(guardian, id), await sees(teacher, id)]).toEqual([false, false, true])
    expect((await act(student, id, 'unhide')).status).toBe(404)
    expect(await act(teacher, id, 'unhide')).toMatchObject({ status: 200, body: { state: 'shown', hiddenAt: null } })
    expect(await sees(student, id)).toBe(true)
    expect(await audited('announcement.hide', id)).toHaveLength(1)
    expect((await act(student, id, 'hide')).status).toBe(403)
  })

  test('a withdrawn one is gone for everybody; its author sees that it was, and how many others had read it', async () => {
    const id = await announced('to the wrong section')
    for (const caller of [student, guardian, guardian, teacher]) expect((await read(caller, id)).body).toMatchObject({ isRead: true })
    expect((await act(coTeacher, id, 'withdraw')).status).toBe(403)
    for (const _ of [1, 2])
      expect(await act(teacher, id, 'withdraw')).toMatchObject({
        status: 200,
        body: { state: 'withdrawn', text: null, withdrawnAfterReaders: 2 },
      })
    expect([await sees(student, id), await sees(guardian, id), await sees(coTeacher, id), await sees(teacher, id)]).toEqual([
      false,
      false,
      false,
      true,
    ])
    expect(await audited('announcement.withdraw', id)).toEqual([{ actor: room.district.teacherId, details: { readers: 2 } }])
    expect((await act(coTeacher, id, 'hide')).status).toBe(404)
    expect((await read(student, id)).status).toBe(404)
  })
})

describe('its files', () => {
  test('are seen exactly as it is: by kind of recipient, while hidden, and once withdrawn', async () => {
    const { id, attachmentId } = await announceFile('students')
    const seen = async () => [
      await opens(teacher, attachmentId),
      await opens(coTeacher, attachmentId),
      await opens(student, attachmentId),
      await opens(guardian, attachmentId),
      await opens(room.stranger, attachmentId),
    ]
    expect(await seen()).toEqual([true, true, true, false, false])
    expect((await student<AnnouncementView>('GET', `/v1/announcements/${id}`)).body.attachments).toMatchObject([
      { id: attachmentId, viewer: 'audience', announcementId: id, channelId: null, state: 'available' },
    ])
    await act(teacher, id, 'hide')
    expect(await seen()).toEqual([true, true, false, false, false])
    await act(teacher, id, 'unhide')
    expect(await seen()).toEqual([true, true, true, false, false])
    await act(teacher, id, 'withdraw')
    expect(await seen()).toEqual([false, false, false, false, false])
  })

  test('go with the recipient’s place in the section, and a download that runs is not let go on', async () => {
    const { attachmentId } = await announceFile('both')
    const leaver = await addPerson('student')
    const call = await callerOf(leaver.id)
    expect(await opens(call, attachmentId)).toBe(true)
    const { districtId } = room.district
    const ref = { attachmentId, actorId: leaver.id }
    const mayGoOn = () => readDistrict(room.api.deps.app, districtId, (tx) => mayStillDownload(tx, ref))
    expect(await withDistrict(room.api.deps.app, districtId, (tx) => recordDownload(tx, ref))).not.toBeNull()
    expect(await mayGoOn()).toBe(true)
    await endEnrollment(room.database, leaver.enrollmentId)
    expect(await mayGoOn()).toBe(false)
    expect(await opens(call, attachmentId)).toBe(false)
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
    expect((await announce(coTeacher, 'not mine', { attachmentIds: [attachmentId] })).status).toBe(409)
    const inChannel = { text: withCanary('x'), attachmentIds: [attachmentId] }
    expect((await teacher('POST', `/v1/channels/${room.channelId}/messages`, inChannel)).status).toBe(409)
    expect((await announce(teacher, 'mine', { attachmentIds: [attachmentId] })).status).toBe(201)
    expect((await announce(teacher, 'again', { attachmentIds: [attachmentId] })).status).toBe(409)
    expect((await coTeacher('DELETE', `/v1/attachments/${attachmentId}`)).status).toBe(403)
    expect((await teacher('DELETE', `/v1/attachments/${attachmentId}`)).status).toBe(204)
  })
})

const reply = (caller: Caller, id: string, body: object = {}) =>
  caller<ChannelView & Problem>('POST', `/v1/announcements/${id}/reply`, body)

describe('a reply', () => {
  test('opens, or goes on with, the one-to-one channel with the author, and no other recipient sees it', async () => {
    const id = await announced('questions?')
    const other = await callerOf((await addPerson('student')).id)
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
    const id = await announced('to the parents', { recipients: 'guardians' })
    const stranger = await addPerson('student')
    expect(await reply(guardian, id)).toMatchObject({ status: 422, body: { code: 'invalid-input' } })
    expect((await reply(guardian, id, { studentId: stranger.id })).status).toBe(404)
    const { status, body } = await reply(guardian, id, { studentId: room.district.studentId })
    expect(status).toBe(201)
    expect(body).toMatchObject({ participant: { id: room.district.guardianId }, student: { id: room.district.studentId } })
  })

  test('is for who receives it: not for a student whom it is not for, nor for teachers, nor to what was taken back', async () => {
    const forGuardians = await announced('to the parents', { recipients: 'guardians' })
    expect((await reply(student, forGuardians)).status).toBe(404)
    expect((await reply(coTeacher, forGuardians)).status).toBe(403)
    await act(teacher, forGuardians, 'hide')
    expect((await reply(guardian, forGuardians, { studentId: room.district.studentId })).status).toBe(404)
  })
})

describe('what its teachers see of its way', () => {
  test('who can see it, has read it, never signed in, and could not be told; by the roster of the moment', async () => {
    const other = await createSampleDistrict(room.database.superuser)
    const call = await callerOf(other.teacherId, other.districtId)
    const parent = await callerOf(other.guardianId, other.districtId)
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
    const ids = [await announced('1'), await announced('2'), await announced('3')]
    const marks = async () =>
      (await inbox(student)).items
        .filter((one) => ids.includes(one.id))
        .map((one) => (one.isRead ? one.id : null))
        .toReversed()
    await read(student, ids[2] ?? '')
    expect(await marks()).toEqual([null, null, ids[2]])
    await read(student, ids[0] ?? '')
    expect(await marks()).toEqual([ids[0], null, ids[2]])
    await read(student, ids[1] ?? '')
    expect(await marks()).toEqual(ids)
    const { rows } = await room.database.superuser.query(`select 1 from announcement_reads where user_id = $1 and section_id = $2`, [
      room.district.studentId,
      sectionId,
    ])
    expect(rows).toHaveLength(1)
  })
})
