import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AttachmentView } from '../../api/schemas/attachmentSchema.ts'
import type { ChannelView } from '../../api/schemas/channelSchema.ts'
import type { MessageView } from '../../api/schemas/messageSchema.ts'
import type { Problem } from '../../api/problem.ts'
import { createCaller, type Caller } from '../support/callApi.ts'
import { withCanary } from '../support/canary.ts'
import { createOpenFile } from '../support/circles.ts'
import { endEnrollment, resumeEnrollment } from '../support/endRelation.ts'
import { openRoom, type Room } from '../support/openRoom.ts'
import { signIn } from '../support/signIn.ts'

let room: Room
let teacher: Caller
let student: Caller
let channelId: string

beforeAll(async () => {
  room = await openRoom()
  ;({ teacher, student, channelId } = room)
})
afterAll(() => room?.close())

const post = (caller: Caller, text: string, more: object = {}) =>
  caller<MessageView & Problem>('POST', `/v1/channels/${channelId}/messages`, { text: withCanary(text), ...more })
const posted = async (caller: Caller, text: string): Promise<string> => (await post(caller, text)).body.id
const act = (caller: Caller, id: string, verb: 'hide' | 'unhide' | 'withdraw') =>
  caller<MessageView & Problem>('POST', `/v1/messages/${id}/${verb}`)
const read = async (caller: Caller): Promise<MessageView[]> =>
  (await caller<{ items: MessageView[] }>('GET', `/v1/channels/${channelId}/messages?limit=100`)).body.items
const find = async (caller: Caller, id: string): Promise<MessageView | undefined> => (await read(caller)).find((one) => one.id === id)
const channelOf = async (caller: Caller): Promise<ChannelView> => (await caller<ChannelView>('GET', `/v1/channels/${channelId}`)).body
const setPosting = (caller: Caller, posting: string) =>
  caller<ChannelView & Problem>('PUT', `/v1/channels/${channelId}/posting`, { posting })
const markRead = (caller: Caller, seq: number) => caller<ChannelView>('PUT', `/v1/channels/${channelId}/read-mark`, { seq })
const audited = async (action: string, target: string) =>
  (
    await room.database.superuser.query<{ actor: string; details: unknown }>(
      'select actor, details from audit_entries where action = $1 and target = $2 order by id',
      [action, target],
    )
  ).rows

describe('hiding', () => {
  test('a hidden message is gone for the student at once, in the list, as the last message and as unread, and the teacher still reads it', async () => {
    const id = await posted(student, 'said in anger')
    expect((await channelOf(teacher)).lastMessage?.id).toBe(id)
    expect(await act(teacher, id, 'hide')).toMatchObject({ status: 200, body: { id, state: 'hidden', text: withCanary('said in anger') } })
    expect(await find(student, id)).toBeUndefined()
    expect((await channelOf(student)).lastMessage?.id).not.toBe(id)
    expect(await find(teacher, id)).toMatchObject({ state: 'hidden', hiddenAt: expect.any(String), text: withCanary('said in anger') })
    expect(await audited('message.hide', id)).toEqual([{ actor: room.district.teacherId, details: {} }])
  })

  test('it can be shown again, and who did what is in the audit log; doing either twice is doing it once', async () => {
    const id = await posted(teacher, 'hidden and shown')
    for (const verb of ['hide', 'hide', 'unhide', 'unhide'] as const) expect((await act(teacher, id, verb)).status).toBe(200)
    expect(await find(student, id)).toMatchObject({ state: 'shown', hiddenAt: null })
    for (const action of ['message.hide', 'message.unhide']) expect(await audited(action, id)).toHaveLength(1)
  })

  test('nobody but the channel’s teacher hides: the student is refused, and for a stranger there is no such message', async () => {
    const id = await posted(teacher, 'not yours to hide')
    expect((await act(student, id, 'hide')).status).toBe(403)
    expect((await act(room.stranger, id, 'hide')).status).toBe(404)
    expect(await find(student, id)).toMatchObject({ state: 'shown' })
  })

  test('its files go with it and come back with it, for their uploader too', async () => {
    const circle = { teacher: { id: room.district.teacherId, call: teacher }, channelId, districtId: room.district.districtId }
    const attachmentId = await createOpenFile(room.api, room.database, circle)
    const messageId = (await teacher<AttachmentView>('GET', `/v1/attachments/${attachmentId}`)).body.messageId ?? ''
    const statuses = async () => [
      (await student('GET', `/v1/attachments/${attachmentId}`)).status,
      (await student('GET', `/v1/attachments/${attachmentId}/content`)).status,
      (await student<{ items: AttachmentView[] }>('GET', `/v1/channels/${channelId}/attachments`)).body.items.filter(
        (one) => one.id === attachmentId,
      ).length,
    ]
    expect(await statuses()).toEqual([200, 200, 1])
    await act(teacher, messageId, 'hide')
    expect(await statuses()).toEqual([404, 404, 0])
    expect((await teacher('GET', `/v1/attachments/${attachmentId}/content`)).status).toBe(200)
    await act(teacher, messageId, 'unhide')
    expect(await statuses()).toEqual([200, 200, 1])
    await act(teacher, messageId, 'withdraw')
    expect(await statuses()).toEqual([404, 404, 0])
    expect((await teacher('GET', `/v1/attachments/${attachmentId}/content`)).status).toBe(404)
    expect((await teacher('DELETE', `/v1/attachments/${attachmentId}`)).status).toBe(404)
  })

  test('its author, the student, neither withdraws nor deletes what the teacher hid: it is kept for the audit', async () => {
    const id = await posted(student, 'evidence')
    await act(teacher, id, 'hide')
    expect((await act(student, id, 'withdraw')).status).toBe(404)
    const { rows } = await room.database.superuser.query('select withdrawn_at from messages where id = $1', [id])
    expect(rows).toEqual([{ withdrawn_at: null }])
  })
})

describe('withdrawing', () => {
  test('a withdrawn message is gone for everybody; its author sees that it was, and how many had read it', async () => {
    const id = await posted(teacher, 'sent to the wrong child')
    const { seq } = (await find(student, id)) ?? { seq: 0 }
    await markRead(student, seq)
    expect(await act(teacher, id, 'withdraw')).toMatchObject({
      status: 200,
      body: { state: 'withdrawn', text: null, withdrawnAfterReaders: 1 },
    })
    expect(await find(student, id)).toBeUndefined()
    expect(await find(teacher, id)).toMatchObject({ state: 'withdrawn', text: null, attachments: [] })
    expect(await audited('message.withdraw', id)).toEqual([{ actor: room.district.teacherId, details: { readers: 1 } }])
  })

  test('nobody had read what is withdrawn at once; withdrawing twice is withdrawing once', async () => {
    const id = await posted(student, 'too early')
    for (const _ of [1, 2]) expect(await act(student, id, 'withdraw')).toMatchObject({ status: 200, body: { withdrawnAfterReaders: 0 } })
    expect(await audited('message.withdraw', id)).toHaveLength(1)
    expect(await find(teacher, id)).toBeUndefined()
  })

  test('only its author withdraws it, and a withdrawn one is not hidden or shown again', async () => {
    const id = await posted(student, 'mine')
    expect((await act(teacher, id, 'withdraw')).status).toBe(403)
    expect((await act(student, id, 'withdraw')).status).toBe(200)
    expect((await act(teacher, id, 'hide')).status).toBe(404)
    const own = await posted(teacher, 'own')
    await act(teacher, own, 'withdraw')
    expect(await act(teacher, own, 'unhide')).toMatchObject({ status: 409, body: { code: 'state-conflict' } })
  })

  test('its number stays taken: the order of the others never changes, and a page does not end at it', async () => {
    const ids = [await posted(teacher, 'a'), await posted(teacher, 'b'), await posted(teacher, 'c')]
    const before = (await read(student)).filter(({ id }) => ids.includes(id))
    await act(teacher, ids[1] ?? '', 'withdraw')
    const after = (await read(student)).filter(({ id }) => ids.includes(id))
    expect(after.map(({ id, seq }) => [id, seq])).toEqual([before[0], before[2]].map((one) => [one?.id, one?.seq]))
  })
})

describe('pausing and closing', () => {
  test('paused, only the teacher writes; closed, nobody does; both read, and the teacher opens it again', async () => {
    const ticket = () =>
      student('POST', `/v1/channels/${channelId}/attachments`, { fileName: 'a.txt', contentType: 'text/plain', bytes: 1 })
    const writes = async () => [
      (await post(teacher, 'from the teacher')).status,
      (await post(student, 'answer')).status,
      (await ticket()).status,
    ]
    expect(await setPosting(teacher, 'paused')).toMatchObject({ status: 200, body: { posting: 'paused' } })
    expect(await writes()).toEqual([201, 409, 409])
    expect(await post(student, 'answer')).toMatchObject({ body: { code: 'posting-paused' } })
    await setPosting(teacher, 'closed')
    expect(await writes()).toEqual([409, 409, 409])
    expect(await post(student, 'answer')).toMatchObject({ body: { code: 'posting-closed' } })
    expect(await channelOf(student)).toMatchObject({ posting: 'closed' })
    expect((await read(student)).length).toBeGreaterThan(0)
    await setPosting(teacher, 'open')
    expect(await writes()).toEqual([201, 201, 201])
    expect(await audited('channel.set-posting', channelId)).toHaveLength(3)
  })

  test('the student does not decide over it, and setting what is set already leaves no trace', async () => {
    const before = (await audited('channel.set-posting', channelId)).length
    expect((await setPosting(student, 'closed')).status).toBe(403)
    expect((await setPosting(teacher, 'open')).status).toBe(200)
    expect(await audited('channel.set-posting', channelId)).toHaveLength(before)
    expect(await channelOf(teacher)).toMatchObject({ posting: 'open' })
  })
})

describe('read marks', () => {
  test('unread counts what others wrote and the reader sees; a mark clears it, and the teacher sees how far the student has read', async () => {
    await markRead(student, 2_147_483_647)
    const ids = [await posted(teacher, 'one'), await posted(teacher, 'two'), await posted(teacher, 'three')]
    await post(student, 'mine does not count')
    await act(teacher, ids[0] ?? '', 'hide')
    expect((await channelOf(student)).unreadCount).toBe(2)
    const { seq } = (await find(student, ids[1] ?? '')) ?? { seq: 0 }
    expect((await markRead(student, seq)).body).toMatchObject({ unreadCount: 1, readSeq: seq, participantReadSeq: null })
    expect(await channelOf(teacher)).toMatchObject({ participantReadSeq: seq })
  })

  test('a mark never moves back, and never beyond the newest message', async () => {
    const { lastSeq } = await channelOf(teacher)
    expect((await markRead(student, lastSeq + 1_000)).body.readSeq).toBe(lastSeq)
    expect((await markRead(student, 1)).body.readSeq).toBe(lastSeq)
    await posted(teacher, 'newer')
    expect((await channelOf(student)).unreadCount).toBe(1)
  })

  test('unread is counted up to one hundred, which is shown as 99+', async () => {
    const { id } = (
      await teacher<{ id: string }>('POST', '/v1/channels', { studentId: room.district.studentId, guardianId: room.district.guardianId })
    ).body
    for (let count = 0; count < 101; count += 1)
      await teacher('POST', `/v1/channels/${id}/messages`, { text: withCanary(`number ${count}`) })
    const { token } = await signIn(room.api.deps.app, room.district.districtId, room.district.guardianId)
    const guardian = createCaller(room.api.url, token)
    const { items } = (await guardian<{ items: ChannelView[] }>('GET', '/v1/channels')).body
    expect(items).toMatchObject([{ id, unreadCount: 100, lastMessage: { preview: withCanary('number 100') } }])
  })
})

describe('a message’s own id', () => {
  test('the same message sent twenty times at once is posted once, and every answer is that one', async () => {
    const body = { id: crypto.randomUUID(), text: withCanary('retried') }
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => teacher<MessageView>('POST', `/v1/channels/${channelId}/messages`, body)),
    )
    expect(new Set(answers.map(({ status, body: { id, seq } }) => `${status} ${id} ${seq}`)).size).toBe(1)
    expect(answers[0]?.status).toBe(201)
    expect((await read(teacher)).filter(({ id }) => id === body.id)).toHaveLength(1)
  })

  test('an id with another text, another author or another channel is refused, and tells nothing of the message that has it', async () => {
    const id = await posted(teacher, 'first')
    expect(await post(teacher, 'second', { id })).toMatchObject({ status: 409, body: { code: 'message-id-reused' } })
    expect(await post(student, 'first', { id })).toMatchObject({ status: 409, body: { code: 'message-id-reused' } })
    const { body: other } = await teacher<{ id: string }>('POST', '/v1/channels', {
      studentId: room.district.studentId,
      guardianId: room.district.guardianId,
    })
    const elsewhere = await teacher<Problem>('POST', `/v1/channels/${other.id}/messages`, { id, text: withCanary('first') })
    expect(elsewhere).toMatchObject({ status: 409, body: { code: 'message-id-reused' } })
  })

  test('a repetition decides again: after access ended it shows nothing, and neither does any act on it', async () => {
    const id = await posted(teacher, 'before the end')
    await endEnrollment(room.database, room.district.learningId)
    expect((await post(teacher, 'before the end', { id })).status).toBe(404)
    for (const verb of ['hide', 'unhide', 'withdraw'] as const) expect((await act(teacher, id, verb)).status).toBe(404)
    for (const answer of [await setPosting(teacher, 'closed'), await markRead(teacher, 1)]) expect(answer.status).toBe(404)
    await resumeEnrollment(room.database, room.district.learningId)
    expect((await post(teacher, 'before the end', { id })).status).toBe(201)
    expect(await find(student, id)).toMatchObject({ state: 'shown' })
    expect(await channelOf(teacher)).toMatchObject({ posting: 'open' })
  })
})
