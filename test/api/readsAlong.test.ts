import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ChannelView } from '../../api/schemas/channelSchema.ts'
import type { MessageView } from '../../api/schemas/messageSchema.ts'
import type { Feature } from '../../domain/features.ts'
import { addEnrollment, addUser } from '../db/roster.ts'
import { createCaller } from '../support/callApi.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { withCanary } from '../support/canary.ts'
import { createCircles, createMessage, createOpenFile, type Circle, type Person } from '../support/circles.ts'
import { endEnrollment, resumeEnrollment } from '../support/endRelation.ts'
import { signIn } from '../support/signIn.ts'
import { startApi, type RunningApi } from '../support/startApi.ts'

let database: TestDatabase
let api: RunningApi
let circle: Circle
let stranger: Circle
let coTeacher: Person
let schoolId: string
let coTeachingId: string

beforeAll(async () => {
  database = await createTestDatabase()
  api = await startApi(database)
  const circles = await createCircles(api, database)
  circle = circles[0]
  stranger = circles[1]
  const { rows } = await database.superuser.query<{ schoolId: string; sectionId: string }>(
    'select s.school_id as "schoolId", s.id as "sectionId" from sections s join enrollments e on e.section_id = s.id where e.id = $1',
    [circle.learningId],
  )
  schoolId = rows[0]?.schoolId ?? ''
  const id = newId()
  coTeachingId = newId()
  await addUser(database.superuser, circle.districtId, id, 'teacher')
  await addEnrollment(database.superuser, circle.districtId, {
    id: coTeachingId,
    userId: id,
    sectionId: rows[0]?.sectionId ?? '',
    role: 'teacher',
  })
  coTeacher = { id, call: createCaller(api.url, (await signIn(api.deps.app, circle.districtId, id)).token) }
})
afterAll(async () => {
  await api?.close()
  await database?.close()
})
beforeEach(async () => {
  for (const feature of ['guardians-read-along', 'co-teachers-read-along'] as const) await switchOn(feature, [])
})

const pathOf = (feature: Feature): string => `/v1/districts/${circle.districtId}/features/${feature}`
const switchOn = async (feature: Feature, schoolIds: string[], grades?: string[]): Promise<void> => {
  const where = { everywhere: false, schoolIds, ...(grades === undefined ? {} : { grades }) }
  const answer = await circle.administrator.call('PUT', pathOf(feature), { ...where, reason: 'The parents asked for it' })
  expect(answer.status).toBe(200)
}
const read = async (who: Person, channelId = circle.channelId): Promise<{ status: number; ids: string[]; files: string[] }> => {
  const { status, body } = await who.call<{ items?: MessageView[] }>('GET', `/v1/channels/${channelId}/messages?limit=100`)
  const items = body.items ?? []
  return { status, ids: items.map(({ id }) => id), files: items.flatMap(({ attachments }) => attachments.map(({ id }) => id)) }
}
const listed = async (who: Person): Promise<ChannelView[]> =>
  (await who.call<{ items: ChannelView[] }>('GET', '/v1/channels?limit=100')).body.items

describe.each([
  ['guardians-read-along', () => circle.guardian],
  ['co-teachers-read-along', () => coTeacher],
] as const)('%s', (feature, who) => {
  test('who reads along reports what they read, message and file, and nothing else', async () => {
    const messageId = await createMessage(circle)
    const statuses = async () => [
      (await who().call('POST', `/v1/messages/${messageId}/reports`, { category: 'other' })).status,
      (await who().call('POST', `/v1/attachments/${circle.attachmentId}/reports`, { category: 'other' })).status,
    ]
    expect(await statuses()).toEqual([404, 404])
    await switchOn(feature, [schoolId])
    expect(await statuses()).toEqual([201, 201])
    await circle.teacher.call('POST', `/v1/messages/${messageId}/hide`)
    expect(await statuses()).toEqual([404, 201])
    await switchOn(feature, [])
    expect(await statuses()).toEqual([404, 404])
    const { rows } = await database.superuser.query('select 1 from reports where reporter_id = $1', [who().id])
    expect(rows).toHaveLength(2)
  })

  test('is off unless the district says so: what another writes with a child is not theirs', async () => {
    expect((await read(who())).status).toBe(404)
    expect((await listed(who())).map(({ id }) => id)).not.toContain(circle.channelId)
    await switchOn(feature === 'guardians-read-along' ? 'co-teachers-read-along' : 'guardians-read-along', [schoolId])
    expect((await read(who())).status).toBe(404)
  })

  test('lets them read, open files and keep a mark of their own, from their list', async () => {
    await switchOn(feature, [schoolId])
    const fileId = await createOpenFile(api, database, circle)
    const seen = await read(who())
    expect(seen).toMatchObject({ status: 200, files: expect.arrayContaining([fileId]) })
    expect((await who().call('GET', `/v1/attachments/${fileId}`)).status).toBe(200)
    expect((await who().call('GET', `/v1/attachments/${fileId}/content`)).status).toBe(200)
    const inList = (await listed(who())).find(({ id }) => id === circle.channelId)
    expect(inList).toMatchObject({ standing: 'reader', participantReadSeq: null, lastMessage: { id: seen.ids.at(-1) } })
    const marked = await who().call<ChannelView>('PUT', `/v1/channels/${circle.channelId}/read-mark`, { seq: inList?.lastSeq })
    expect(marked.body).toMatchObject({ unreadCount: 0, standing: 'reader' })
    // The teacher is told what the child has read, not who read along.
    const { body } = await circle.teacher.call<ChannelView>('GET', `/v1/channels/${circle.channelId}`)
    expect(body.participantReadSeq).toBe(0)
  })

  test('never lets them write, hide or pause anything', async () => {
    await switchOn(feature, [schoolId])
    const channel = `/v1/channels/${circle.channelId}`
    const ticket = { fileName: `${withCanary('file')}.pdf`, contentType: 'application/pdf', bytes: 1_000 }
    const statuses = await Promise.all([
      who().call('POST', `${channel}/messages`, { text: withCanary('hello') }),
      who().call('POST', `${channel}/attachments`, ticket),
      who().call('PUT', `${channel}/posting`, { posting: 'closed' }),
      who().call('POST', `/v1/messages/${circle.messageId}/hide`),
      who().call('DELETE', `/v1/attachments/${circle.attachmentId}`),
    ])
    expect(statuses.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403])
    expect((await read(circle.student)).status).toBe(200)
  })

  test('shows nothing that was hidden or withdrawn', async () => {
    await switchOn(feature, [schoolId])
    const [hidden, withdrawn, shown] = [await createMessage(circle), await createMessage(circle), await createMessage(circle)]
    await circle.teacher.call('POST', `/v1/messages/${hidden}/hide`)
    await circle.teacher.call('POST', `/v1/messages/${withdrawn}/withdraw`)
    const { ids } = await read(who())
    expect([hidden, withdrawn, shown].map((id) => ids.includes(id))).toEqual([false, false, true])
  })

  test('ends with the enrollment that connects the two, and comes back with it', async () => {
    await switchOn(feature, [schoolId])
    await endEnrollment(database, circle.learningId)
    expect((await read(who())).status).toBe(404)
    expect((await listed(who())).map(({ id }) => id)).not.toContain(circle.channelId)
    await resumeEnrollment(database, circle.learningId)
    expect((await read(who())).status).toBe(200)
  })

  test('is nobody else’s: neither another section’s people nor another district’s', async () => {
    await switchOn(feature, [schoolId])
    for (const other of [stranger.teacher, stranger.guardian, stranger.student]) expect((await read(other)).status).toBe(404)
  })
})

const openWithGuardian = async (): Promise<string> =>
  (await circle.teacher.call<{ id: string }>('POST', '/v1/channels', { studentId: circle.student.id, guardianId: circle.guardian.id })).body
    .id

describe('a guardian’s own channel', () => {
  test('is read along by a co-teacher, and never by the student or another guardian', async () => {
    const channelId = await openWithGuardian()
    await switchOn('guardians-read-along', [schoolId])
    await switchOn('co-teachers-read-along', [schoolId])
    expect((await read(coTeacher, channelId)).status).toBe(200)
    expect((await read(circle.student, channelId)).status).toBe(404)
  })

  test('is closed to a co-teacher who has left the section', async () => {
    const channelId = await openWithGuardian()
    await switchOn('co-teachers-read-along', [schoolId])
    await endEnrollment(database, coTeachingId)
    expect((await read(coTeacher, channelId)).status).toBe(404)
    await resumeEnrollment(database, coTeachingId)
  })
})

/** Of the class that connects the circle. */
const setGrades = (grades: string[]) =>
  database.superuser.query('update sections set grades = $2 where id = (select section_id from enrollments where id = $1)', [
    circle.learningId,
    grades,
  ])
/** The conversation’s messages, the list, the conversation itself: whether the guardian sees it there. */
const reads = async (): Promise<boolean[]> => [
  (await read(circle.guardian)).status === 200,
  (await listed(circle.guardian)).some(({ id }) => id === circle.channelId),
  (await circle.guardian.call('GET', `/v1/channels/${circle.channelId}`)).status === 200,
]
const all = [true, true, true]
const none = [false, false, false]

describe('guardians of young children', () => {
  test('read along in classes all of whose grades are named, in no other, and in none of which the feed does not say', async () => {
    await switchOn('guardians-read-along', [schoolId], ['KG', '01', '02'])
    const seen: boolean[][] = []
    for (const grades of [[], ['02'], ['01', '02'], ['02', '03'], ['03'], ['KG']]) {
      await setGrades(grades)
      seen.push(await reads())
    }
    expect(seen).toEqual([none, all, all, none, none, all])
  })

  test('lose it at once when the grades named are others, and have it in every class when none is named', async () => {
    await setGrades(['05'])
    const seen: boolean[][] = []
    for (const grades of [['05'], ['04'], undefined, ['04']]) {
      await switchOn('guardians-read-along', [schoolId], grades)
      seen.push(await reads())
    }
    expect(seen).toEqual([all, none, all, none])
  })

  test('have grades that stand with the switch, its author and its times, and no other feature has any', async () => {
    await switchOn('guardians-read-along', [schoolId], ['02', 'KG'])
    await switchOn('guardians-read-along', [schoolId], ['KG', '02'])
    const history = await circle.administrator.call<{ items: unknown[] }>('GET', `${pathOf('guardians-read-along')}/switches?limit=2`)
    expect(history.body.items).toMatchObject([
      { schoolId, grades: ['KG', '02'], switchedOnBy: circle.administrator.id, switchedOffAt: null },
      { schoolId, grades: ['04'], switchedOffAt: expect.any(String) },
    ])
    const wrong = { everywhere: true, schoolIds: [], grades: ['KG'], reason: 'The parents asked for it' }
    const answer = await circle.administrator.call('PUT', pathOf('co-teachers-read-along'), wrong)
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: '/grades' }] } })
    for (const grades of [[], ['kindergarten']])
      expect((await circle.administrator.call('PUT', pathOf('guardians-read-along'), { ...wrong, grades })).status).toBe(422)
  })
})
