import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toUnsubscribeToken } from '../../crypto/unsubscribeToken.ts'
import type { Caller } from '../support/callApi.ts'
import { withCanary } from '../support/canary.ts'
import { endEnrollment, resumeEnrollment } from '../support/endRelation.ts'
import { openRoom, type Room } from '../support/openRoom.ts'

type NoticeView = { id: string; kind: string; subjectId: string; channelId: string; isSeen: boolean }
type Page = { items: NoticeView[]; nextCursor: string | null }

let room: Room
beforeAll(async () => {
  room = await openRoom()
})
afterAll(() => room?.close())

const post = async (caller: Caller): Promise<string> => {
  const id = newId()
  await caller('POST', `/v1/channels/${room.channelId}/messages`, { id, text: withCanary('the words') })
  return id
}
const noticesOf = async (caller: Caller): Promise<NoticeView[]> => (await caller<Page>('GET', '/v1/notices?limit=100')).body.items
const noticeOf = async (caller: Caller, subjectId: string) => (await noticesOf(caller)).find((one) => one.subjectId === subjectId)
const wantsMail = async (caller: Caller) => (await caller<{ byMail: boolean }>('GET', '/v1/me/notifications')).body.byMail

describe('a notice', () => {
  test('is there once for the one to whom something was written, without a word of it, and for nobody else', async () => {
    const id = await post(room.teacher)
    await room.teacher('POST', `/v1/channels/${room.channelId}/messages`, { id, text: withCanary('the words') })
    const notices = (await noticesOf(room.student)).filter(({ subjectId }) => subjectId === id)
    expect(notices).toMatchObject([{ kind: 'message', channelId: room.channelId, subjectId: id, isSeen: false }])
    expect(JSON.stringify(notices)).not.toContain(withCanary('the words'))
    for (const other of [room.teacher, room.stranger]) expect(await noticeOf(other, id)).toBeUndefined()
  })

  test('is seen when what it is about was read, or when it was set aside, twice or once', async () => {
    const [aside, read] = [await post(room.teacher), await post(room.teacher)]
    const notice = await noticeOf(room.student, aside)
    expect((await room.stranger('PUT', `/v1/notices/${notice?.id}/seen`)).status).toBe(404)
    for (let time = 0; time < 2; time += 1) expect((await room.student('PUT', `/v1/notices/${notice?.id}/seen`)).status).toBe(204)
    expect(await noticeOf(room.student, aside)).toMatchObject({ isSeen: true })
    expect(await noticeOf(room.student, read)).toMatchObject({ isSeen: false })
    await room.student('PUT', `/v1/channels/${room.channelId}/read-mark`, { seq: 1_000_000 })
    expect(await noticeOf(room.student, read)).toMatchObject({ isSeen: true })
  })

  test('is gone with what it is about: hidden, withdrawn, or theirs to see no more', async () => {
    const [hidden, withdrawn, shown] = [await post(room.teacher), await post(room.teacher), await post(room.teacher)]
    await room.teacher('POST', `/v1/messages/${hidden}/hide`)
    await room.teacher('POST', `/v1/messages/${withdrawn}/withdraw`)
    expect(await noticeOf(room.student, hidden)).toBeUndefined()
    expect(await noticeOf(room.student, withdrawn)).toBeUndefined()
    const notice = await noticeOf(room.student, shown)
    await endEnrollment(room.database, room.district.learningId)
    expect(await noticesOf(room.student)).toEqual([])
    expect((await room.student('PUT', `/v1/notices/${notice?.id}/seen`)).status).toBe(404)
    await resumeEnrollment(room.database, room.district.learningId)
    expect(await noticeOf(room.student, shown)).toMatchObject({ isSeen: false })
  })

  test('is found page by page, newest first', async () => {
    const all = (await noticesOf(room.student)).map(({ id }) => id)
    const found: string[] = []
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body }: { body: Page } = await room.student<Page>('GET', `/v1/notices?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`)
      found.push(...body.items.map(({ id }) => id))
      cursor = body.nextCursor
    }
    expect(found).toEqual(all)
    expect(all.toSorted().toReversed()).toEqual(all)
  })
})

describe('how somebody is notified', () => {
  test('is theirs to say: quiet hours of their own or the district’s, and whether by mail', async () => {
    const path = '/v1/me/notifications'
    const before = { quietHours: null, districtQuietHours: { from: '21:00', until: '07:00' }, byMail: true, isAddressRefused: false }
    expect((await room.teacher('GET', path)).body).toEqual(before)
    const own = { quietHours: { from: '16:30', until: '08:05' }, byMail: false }
    expect((await room.teacher('PUT', path, own)).body).toEqual({ ...before, ...own })
    expect((await room.student('GET', path)).body).toEqual(before)
    expect((await room.teacher('PUT', path, { quietHours: null, byMail: true })).body).toEqual(before)
    for (const quietHours of [{ from: '24:00', until: '08:00' }, { from: '8:00', until: '09:00' }, { from: '08:00' }])
      expect((await room.teacher('PUT', path, { quietHours, byMail: true })).status).toBe(422)
  })

  test('ends by one click of a mail program, for the one whose mail it was, and at once; a look at the page ends nothing', async () => {
    const { districtId, studentId, teacherId } = room.district
    const cipher = await room.api.deps.districtKeys.forDistrict(districtId)
    const token = toUnsubscribeToken((text) => cipher.hashForLookup(text), { districtId, userId: studentId })
    const address = `${room.api.url}/unsubscribe/${token}`
    const page = await fetch(address)
    expect(page.status).toBe(200)
    expect(await page.text()).not.toMatch(/Given|Family/)
    expect(await wantsMail(room.student)).toBe(true)
    const body = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' })
    expect((await fetch(address, { method: 'POST', body })).status).toBe(200)
    expect([await wantsMail(room.student), await wantsMail(room.teacher)]).toEqual([false, true])
    const forged = Buffer.from(token, 'base64url')
    Buffer.from(teacherId.replaceAll('-', ''), 'hex').copy(forged, 16)
    const ofNobody = Buffer.concat([Buffer.from(newId().replaceAll('-', ''), 'hex'), forged.subarray(16)])
    for (const wrong of [forged.toString('base64url'), ofNobody.toString('base64url'), `${token}A`, 'x'])
      expect((await fetch(`${room.api.url}/unsubscribe/${wrong}`, { method: 'POST', body })).status).toBe(404)
    expect(await wantsMail(room.teacher)).toBe(true)
    expect(room.api.logged()).not.toContain(token)
  })
})
