import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createNoticeRecipients } from '../../activities/notices/noticeRecipients.ts'
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
const languageOf = async (caller: Caller) => (await caller<{ preferredLanguage: string }>('GET', '/v1/me')).body.preferredLanguage
const say = async (language: unknown) => (await room.student('PUT', '/v1/me/language', { language })).status
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

const announce = async (recipients = 'both'): Promise<string> => {
  const path = `/v1/sections/${room.district.sectionId}/announcements`
  return (await room.teacher<{ id: string }>('POST', path, { text: withCanary('the words'), recipients })).body.id
}
/** What the run that the post asked for does; answers how many it noticed. */
const notice = async (announcementId: string): Promise<number> => {
  const { districtId } = room.district
  const asked = `select 1 from outbox where workflow_type = 'noticeAnnouncement' and input ->> 'announcementId' = $1`
  expect((await room.database.superuser.query(asked, [announcementId])).rowCount).toBe(1)
  const noticeRecipients = createNoticeRecipients({
    app: room.api.deps.app,
    districtKeys: room.api.deps.districtKeys,
    maintenanceQueue: 'maintenance',
    translationsQueue: 'translations',
  })
  return (await noticeRecipients({ districtId, announcementId })).noticed
}

describe('a notice of an announcement', () => {
  test('is there once for each whom it is for, however often that is seen to, without a word of it, and for nobody else', async () => {
    const id = await announce()
    expect(await noticeOf(room.student, id)).toBeUndefined()
    expect([await notice(id), await notice(id)]).toEqual([2, 0])
    expect(await noticeOf(room.student, id)).toMatchObject({
      kind: 'announcement',
      sectionId: room.district.sectionId,
      channelId: null,
      isSeen: false,
    })
    expect(JSON.stringify(await noticesOf(room.student))).not.toContain(withCanary('the words'))
    for (const other of [room.teacher, room.stranger]) expect(await noticeOf(other, id)).toBeUndefined()
  })

  test('is seen when it was read, and gone when it is hidden, withdrawn, switched off or theirs to see no more', async () => {
    const [read, hidden, withdrawn, kept] = [await announce(), await announce(), await announce(), await announce()]
    for (const id of [read, hidden, withdrawn, kept]) await notice(id)
    await room.student('PUT', `/v1/announcements/${read}/read-mark`)
    await room.teacher('POST', `/v1/announcements/${hidden}/hide`)
    await room.teacher('POST', `/v1/announcements/${withdrawn}/withdraw`)
    expect(await noticeOf(room.student, read)).toMatchObject({ isSeen: true })
    expect([await noticeOf(room.student, hidden), await noticeOf(room.student, withdrawn)]).toEqual([undefined, undefined])
    await endEnrollment(room.database, room.district.learningId)
    expect(await noticeOf(room.student, kept)).toBeUndefined()
    await resumeEnrollment(room.database, room.district.learningId)
    expect(await noticeOf(room.student, kept)).toMatchObject({ isSeen: false })
    await room.database.superuser.query(`update feature_switches set switched_off_at = now() where feature = 'announcements'`)
    expect(await noticeOf(room.student, kept)).toBeUndefined()
    await room.database.superuser.query(`update feature_switches set switched_off_at = null where feature = 'announcements'`)
  })

  test('is made for nobody who left before, while it is hidden, or once it is withdrawn', async () => {
    const [left, hidden, withdrawn] = [await announce('students'), await announce(), await announce()]
    await endEnrollment(room.database, room.district.learningId)
    expect(await notice(left)).toBe(0)
    await resumeEnrollment(room.database, room.district.learningId)
    await room.teacher('POST', `/v1/announcements/${hidden}/hide`)
    await room.teacher('POST', `/v1/announcements/${withdrawn}/withdraw`)
    expect([await notice(hidden), await notice(withdrawn)]).toEqual([0, 0])
    expect(await notice(await announce('students'))).toBe(1)
  })
})

describe('how somebody is notified', () => {
  test('is theirs to say: quiet hours of their own or the district’s, and whether by mail', async () => {
    const path = '/v1/me/notifications'
    const before = {
      quietHours: null,
      districtQuietHours: { from: '21:00', until: '07:00' },
      byMail: true,
      isAddressRefused: false,
      bySms: true,
      isNumberRefused: false,
    }
    expect((await room.teacher('GET', path)).body).toEqual(before)
    const own = { quietHours: { from: '16:30', until: '08:05' }, byMail: false, bySms: false }
    expect((await room.teacher('PUT', path, own)).body).toEqual({ ...before, ...own })
    expect((await room.student('GET', path)).body).toEqual(before)
    expect((await room.teacher('PUT', path, { quietHours: null, byMail: true, bySms: true })).body).toEqual(before)
    for (const quietHours of [{ from: '24:00', until: '08:00' }, { from: '8:00', until: '09:00' }, { from: '08:00' }])
      expect((await room.teacher('PUT', path, { quietHours, byMail: true, bySms: true })).status).toBe(422)
  })

  test('is shown where they teach to those who write to them: when an answer may wait', async () => {
    type Shown = { teacherQuietHours: unknown }
    const path = `/v1/channels/${room.channelId}`
    const shownTo = async (caller: Caller) => (await caller<Shown>('GET', path)).body.teacherQuietHours
    const timeZone = 'America/Denver'
    expect([await shownTo(room.teacher), await shownTo(room.student)]).toEqual([null, { from: '21:00', until: '07:00', timeZone }])
    const set = (quietHours: object | null) => room.teacher('PUT', '/v1/me/notifications', { quietHours, byMail: true, bySms: true })
    await set({ from: '16:30', until: '08:05' })
    expect(await shownTo(room.student)).toEqual({ from: '16:30', until: '08:05', timeZone })
    const { body } = await room.student<{ items: Shown[] }>('GET', '/v1/channels')
    expect(body.items).toMatchObject([{ teacherQuietHours: { from: '16:30' } }])
    await set({ from: '16:30', until: '16:30' })
    expect(await shownTo(room.student)).toBeNull()
    await set(null)
  })

  test('is in the language that they say, and in no other person’s', async () => {
    expect(await say('ES-mx')).toBe(204)
    expect([await languageOf(room.student), await languageOf(room.teacher)]).toEqual(['es-MX', 'en'])
    for (const wrong of ['', 'spanish language', 'e', 'es_MX', 'x'.repeat(36), 7]) expect(await say(wrong)).toBe(422)
    expect(await languageOf(room.student)).toBe('es-MX')
    // Taken back: the roster and the district say English.
    expect([await say(null), await languageOf(room.student)]).toEqual([204, 'en'])
    expect(await say('en')).toBe(204)
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
