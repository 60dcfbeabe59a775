import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { describeApi } from '../../api/describeApi.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createCaller, withoutRequestId, type ApiAnswer, type Caller } from '../support/callApi.ts'
import { createAnnouncement, createCircles, createMessage, createOpenFile, createTicket, type Circle } from '../support/circles.ts'
import { endEnrollment, resumeEnrollment } from '../support/endRelation.ts'
import { startApi, type RunningApi } from '../support/startApi.ts'

let database: TestDatabase
let api: RunningApi
let circles: [Circle, Circle, Circle]

beforeAll(async () => {
  database = await createTestDatabase()
  // A stream ends at once.
  api = await startApi(database, { pace: { eventStreamMaxMs: 200, translationWaitMs: 0 } })
  circles = await createCircles(api, database)
})

afterAll(async () => {
  await api?.close()
  await database?.close()
})

/**
 * How a person stands to a circle: `guardian` is the student's, and no party of the channel with the student; `administrator` and `auditor` are the district's. `machine` is
 * the district's with every scope, `reader` the one that may only read. An outsider to what is a district's is somebody of another district.
 */
const standings = ['teacher', 'student', 'guardian', 'administrator', 'auditor', 'safety', 'machine', 'reader', 'outsider'] as const
type Standing = (typeof standings)[number]
type Row = { allowed: Record<Standing, number>; ask: (this: void, call: Caller, circle: Circle) => Promise<ApiAnswer<unknown>> }

/** Machines call the routes of their district and nothing else. */
const noMachine = { machine: 403, reader: 403 }
const everyone = (status: number) => ({
  teacher: status,
  student: status,
  guardian: status,
  administrator: status,
  auditor: status,
  safety: status,
  outsider: status,
  ...noMachine,
})
const parties = (status: number) => ({ ...everyone(404), teacher: status, student: status })
const guardianOnly = (status: number) => ({ ...everyone(404), guardian: status })
const teacherOnly = (status: number) => ({ ...everyone(404), teacher: status })
/** The district's people may know that there is such a route; of another district nobody knows anything. */
const administratorOnly = (status: number) => ({ ...everyone(403), administrator: status, outsider: 404 })
/** The student may know of it: hence not allowed, and not hidden. */
const teachersOf = (status: number) => ({ ...parties(403), teacher: status })

const sectionPeople = (status: number) => ({ ...parties(status), guardian: status })
/** The others of the section may know of it. */
const sectionTeacherOnly = (status: number) => ({ ...sectionPeople(403), teacher: status })

const auditorOnly = (status: number) => ({ ...everyone(403), auditor: status, outsider: 404 })
const watchers = (status: number) => ({ ...auditorOnly(status), administrator: status })

/** Whoever sees it, but for its author. */
const readersBut = (status: number) => ({ ...everyone(404), teacher: 403, student: status })
const safetyOnly = (status: number) => ({ ...everyone(403), safety: status, outsider: 404 })

const rosterReaders = (status: number) => ({ ...administratorOnly(status), machine: status, reader: status })

/** A stream that is followed by its headers only: its body ends when the attachment is clean. */
const matrix: Record<string, Row> = {
  'GET /me': { allowed: everyone(200), ask: (call) => call('GET', '/v1/me') },
  'GET /terms-of-use': { allowed: everyone(200), ask: (call) => call('GET', '/v1/terms-of-use') },
  'PUT /me/terms-of-use': { allowed: everyone(409), ask: (call) => call('PUT', '/v1/me/terms-of-use', { version: 1 }) },
  'PUT /me/language': { allowed: everyone(204), ask: (call) => call('PUT', '/v1/me/language', { language: 'en' }) },
  'GET /me/notifications': { allowed: everyone(200), ask: (call) => call('GET', '/v1/me/notifications') },
  'PUT /me/notifications': {
    allowed: everyone(200),
    ask: (call) => call('PUT', '/v1/me/notifications', { quietHours: null, byMail: true, bySms: true }),
  },
  'GET /notices': { allowed: everyone(200), ask: (call) => call('GET', '/v1/notices') },
  // The student's: the teacher of the circle wrote to them.
  'PUT /notices/{id}/seen': {
    allowed: { ...everyone(404), student: 204 },
    ask: async (call, { student }) => {
      const { items } = (await student.call<{ items: { id: string }[] }>('GET', '/v1/notices')).body
      return call('PUT', `/v1/notices/${items[0]?.id ?? ''}/seen`)
    },
  },
  'GET /upload-limits': { allowed: everyone(200), ask: (call) => call('GET', '/v1/upload-limits') },
  'GET /contacts': { allowed: everyone(200), ask: (call) => call('GET', '/v1/contacts') },
  'GET /sections': { allowed: everyone(200), ask: (call) => call('GET', '/v1/sections') },
  'GET /channels': { allowed: everyone(200), ask: (call) => call('GET', '/v1/channels') },
  'POST /channels': { allowed: teacherOnly(201), ask: (call, { student }) => call('POST', '/v1/channels', { studentId: student.id }) },
  'POST /students/{id}/guardian-channels': {
    allowed: teacherOnly(200),
    ask: (call, { student }) => call('POST', `/v1/students/${student.id}/guardian-channels`),
  },
  'GET /channels/{id}': { allowed: parties(200), ask: (call, { channelId }) => call('GET', `/v1/channels/${channelId}`) },
  'POST /channels/{id}/messages': {
    allowed: parties(201),
    ask: (call, { channelId }) => call('POST', `/v1/channels/${channelId}/messages`, { text: 'hello' }),
  },
  'GET /channels/{id}/messages': { allowed: parties(200), ask: (call, { channelId }) => call('GET', `/v1/channels/${channelId}/messages`) },
  'PUT /channels/{id}/read-mark': {
    allowed: parties(200),
    ask: (call, { channelId }) => call('PUT', `/v1/channels/${channelId}/read-mark`, { seq: 1 }),
  },
  'PUT /channels/{id}/posting': {
    allowed: teachersOf(200),
    ask: (call, { channelId }) => call('PUT', `/v1/channels/${channelId}/posting`, { posting: 'open' }),
  },
  // Off unless the district says so: then it is its teacher's.
  'GET /channels/{id}/audits': { allowed: everyone(404), ask: (call, { channelId }) => call('GET', `/v1/channels/${channelId}/audits`) },
  // Nothing translates here: whoever reads it waits, and nobody else knows of it.
  'POST /messages/{id}/translations': {
    allowed: parties(202),
    ask: (call, { messageId }) => call('POST', `/v1/messages/${messageId}/translations`, { language: 'es' }),
  },
  'POST /messages/{id}/hide': { allowed: teachersOf(200), ask: (call, { messageId }) => call('POST', `/v1/messages/${messageId}/hide`) },
  'POST /messages/{id}/unhide': {
    allowed: teachersOf(200),
    ask: (call, { messageId }) => call('POST', `/v1/messages/${messageId}/unhide`),
  },
  'POST /messages/{id}/withdraw': {
    allowed: teachersOf(200),
    ask: (call, { messageId }) => call('POST', `/v1/messages/${messageId}/withdraw`),
  },
  'POST /announcements/{id}/translations': {
    allowed: sectionPeople(202),
    ask: (call, { announcementId }) => call('POST', `/v1/announcements/${announcementId}/translations`, { language: 'es' }),
  },
  'GET /me/children/translations': { allowed: everyone(200), ask: (call) => call('GET', '/v1/me/children/translations') },
  'PUT /students/{id}/translation-refusal': {
    allowed: guardianOnly(204),
    ask: (call, { student }) => call('PUT', `/v1/students/${student.id}/translation-refusal`),
  },
  'DELETE /students/{id}/translation-refusal': {
    allowed: guardianOnly(204),
    ask: (call, { student }) => call('DELETE', `/v1/students/${student.id}/translation-refusal`),
  },
  'GET /announcements': { allowed: everyone(200), ask: (call) => call('GET', '/v1/announcements') },
  'POST /sections/{id}/announcements': {
    allowed: sectionTeacherOnly(201),
    ask: (call, { sectionId }) => call('POST', `/v1/sections/${sectionId}/announcements`, { text: 'hello', recipients: 'both' }),
  },
  'GET /sections/{id}/announcements': {
    allowed: sectionPeople(200),
    ask: (call, { sectionId }) => call('GET', `/v1/sections/${sectionId}/announcements`),
  },
  'POST /sections/{id}/attachments': {
    allowed: sectionTeacherOnly(201),
    ask: (call, { sectionId }) =>
      call('POST', `/v1/sections/${sectionId}/attachments`, { fileName: 'a.pdf', contentType: 'application/pdf', bytes: 1 }),
  },
  'GET /announcements/{id}': {
    allowed: sectionPeople(200),
    ask: (call, { announcementId }) => call('GET', `/v1/announcements/${announcementId}`),
  },
  'GET /announcements/{id}/delivery': {
    allowed: sectionTeacherOnly(200),
    ask: (call, { announcementId }) => call('GET', `/v1/announcements/${announcementId}/delivery`),
  },
  'PUT /announcements/{id}/read-mark': {
    allowed: sectionPeople(200),
    ask: (call, { announcementId }) => call('PUT', `/v1/announcements/${announcementId}/read-mark`),
  },
  'POST /announcements/{id}/reply': {
    // A guardian has to say about which child.
    allowed: { ...sectionPeople(201), teacher: 403, guardian: 422 },
    ask: (call, { announcementId }) => call('POST', `/v1/announcements/${announcementId}/reply`, {}),
  },
  'POST /announcements/{id}/hide': {
    allowed: sectionTeacherOnly(200),
    ask: (call, { announcementId }) => call('POST', `/v1/announcements/${announcementId}/hide`),
  },
  'POST /announcements/{id}/unhide': {
    allowed: sectionTeacherOnly(200),
    ask: (call, { announcementId }) => call('POST', `/v1/announcements/${announcementId}/unhide`),
  },
  'POST /announcements/{id}/withdraw': {
    allowed: sectionTeacherOnly(200),
    ask: (call, { announcementId }) => call('POST', `/v1/announcements/${announcementId}/withdraw`),
  },
  'POST /channels/{id}/attachments': {
    allowed: parties(201),
    ask: (call, { channelId }) =>
      call('POST', `/v1/channels/${channelId}/attachments`, { fileName: 'a.pdf', contentType: 'application/pdf', bytes: 1 }),
  },
  'GET /channels/{id}/attachments': {
    allowed: parties(200),
    ask: (call, { channelId }) => call('GET', `/v1/channels/${channelId}/attachments`),
  },
  'GET /attachments/{id}': { allowed: parties(200), ask: (call, { attachmentId }) => call('GET', `/v1/attachments/${attachmentId}`) },
  'POST /attachments/{id}/complete': {
    allowed: teachersOf(202),
    ask: (call, { attachmentId }) => call('POST', `/v1/attachments/${attachmentId}/complete`),
  },
  'GET /attachments/{id}/content': {
    allowed: parties(200),
    ask: (call, { attachmentId }) => call('GET', `/v1/attachments/${attachmentId}/content`),
  },
  'GET /events': { allowed: everyone(200), ask: (call) => call('GET', '/v1/events') },
  'GET /attachments/{id}/events': {
    allowed: parties(200),
    ask: (call, { attachmentId }) => call('GET', `/v1/attachments/${attachmentId}/events`),
  },
  'GET /access/explain': {
    // About the teacher and the student: theirs to ask, and the administrator's.
    allowed: { ...parties(200), administrator: 200 },
    ask: (call, { teacher, student }) => call('GET', `/v1/access/explain?actor=${teacher.id}&target=${student.id}`),
  },
  'POST /districts/{districtId}/provider-connections': {
    allowed: administratorOnly(422),
    ask: (call, { districtId }) => call('POST', `/v1/districts/${districtId}/provider-connections`, {}),
  },
  'GET /districts/{districtId}/provider-connections': {
    allowed: administratorOnly(200),
    ask: (call, { districtId }) => call('GET', `/v1/districts/${districtId}/provider-connections`),
  },
  'DELETE /districts/{districtId}/provider-connections/{id}': {
    allowed: administratorOnly(404),
    ask: (call, { districtId }) => call('DELETE', `/v1/districts/${districtId}/provider-connections/${crypto.randomUUID()}`),
  },
  'GET /districts/{districtId}/unreachable': {
    allowed: administratorOnly(200),
    ask: (call, { districtId }) => call('GET', `/v1/districts/${districtId}/unreachable`),
  },
  'GET /districts/{districtId}/settings': {
    allowed: administratorOnly(200),
    ask: (call, { districtId }) => call('GET', `/v1/districts/${districtId}/settings`),
  },
  'GET /districts/{districtId}/features': {
    allowed: administratorOnly(200),
    ask: (call, { districtId }) => call('GET', `/v1/districts/${districtId}/features`),
  },
  'PUT /districts/{districtId}/features/{feature}': {
    allowed: administratorOnly(422),
    ask: (call, { districtId }) => call('PUT', `/v1/districts/${districtId}/features/translations`, {}),
  },
  'GET /districts/{districtId}/features/{feature}/switches': {
    allowed: administratorOnly(200),
    ask: (call, { districtId }) => call('GET', `/v1/districts/${districtId}/features/messaging/switches`),
  },
  'POST /districts/{districtId}/substitutes': {
    allowed: administratorOnly(422),
    ask: (call, { districtId }) => call('POST', `/v1/districts/${districtId}/substitutes`, {}),
  },
  'GET /districts/{districtId}/substitutes': {
    allowed: administratorOnly(200),
    ask: (call, { districtId }) => call('GET', `/v1/districts/${districtId}/substitutes`),
  },
  'DELETE /districts/{districtId}/substitutes/{id}': {
    allowed: administratorOnly(404),
    ask: (call, { districtId }) => call('DELETE', `/v1/districts/${districtId}/substitutes/${crypto.randomUUID()}`),
  },
  'POST /districts/{districtId}/terms-of-use': {
    allowed: administratorOnly(422),
    ask: (call, { districtId }) => call('POST', `/v1/districts/${districtId}/terms-of-use`, {}),
  },
  'GET /districts/{districtId}/terms-of-use': {
    allowed: administratorOnly(200),
    ask: (call, { districtId }) => call('GET', `/v1/districts/${districtId}/terms-of-use`),
  },
  'GET /districts/{districtId}/terms-of-use/{version}': {
    allowed: administratorOnly(404),
    ask: (call, { districtId }) => call('GET', `/v1/districts/${districtId}/terms-of-use/1`),
  },
  'GET /districts/{districtId}/terms-of-use/{version}/acceptances': {
    allowed: administratorOnly(404),
    ask: (call, { districtId }) => call('GET', `/v1/districts/${districtId}/terms-of-use/1/acceptances`),
  },
  'POST /districts/{districtId}/api-clients': {
    allowed: administratorOnly(422),
    ask: (call, { districtId }) => call('POST', `/v1/districts/${districtId}/api-clients`, { name: 'x', scopes: [] }),
  },
  'GET /districts/{districtId}/api-clients': {
    allowed: administratorOnly(200),
    ask: (call, { districtId }) => call('GET', `/v1/districts/${districtId}/api-clients`),
  },
  'POST /districts/{districtId}/api-clients/{id}/rotate': {
    allowed: administratorOnly(200),
    ask: (call, { districtId, reader }) => call('POST', `/v1/districts/${districtId}/api-clients/${reader.id}/rotate`, {}),
  },
  'DELETE /districts/{districtId}/api-clients/{id}': {
    allowed: { ...administratorOnly(404) },
    ask: (call, { districtId }) => call('DELETE', `/v1/districts/${districtId}/api-clients/${crypto.randomUUID()}`),
  },
  'POST /districts/{districtId}/roster-events': {
    allowed: { ...administratorOnly(422), machine: 422 },
    ask: (call, { districtId }) => call('POST', `/v1/districts/${districtId}/roster-events`, {}),
  },
  'GET /districts/{districtId}/roster-events': {
    allowed: rosterReaders(200),
    ask: (call, { districtId }) => call('GET', `/v1/districts/${districtId}/roster-events`),
  },
  'POST /districts/{districtId}/roster-syncs': {
    allowed: { ...administratorOnly(201), machine: 201 },
    ask: (call, { districtId }) => call('POST', `/v1/districts/${districtId}/roster-syncs`, {}),
  },
  'POST /districts/{districtId}/roster-syncs/{id}/complete': {
    allowed: { ...administratorOnly(202), machine: 202 },
    ask: (call, { districtId, syncId }) => call('POST', `/v1/districts/${districtId}/roster-syncs/${syncId}/complete`),
  },
  'GET /districts/{districtId}/roster-syncs': {
    allowed: rosterReaders(200),
    ask: (call, { districtId }) => call('GET', `/v1/districts/${districtId}/roster-syncs`),
  },
  'GET /districts/{districtId}/roster-syncs/{id}': {
    allowed: rosterReaders(200),
    ask: (call, { districtId, syncId }) => call('GET', `/v1/districts/${districtId}/roster-syncs/${syncId}`),
  },
  'GET /districts/{districtId}/roster-syncs/{id}/rejects': {
    allowed: rosterReaders(409),
    ask: (call, { districtId, syncId }) => call('GET', `/v1/districts/${districtId}/roster-syncs/${syncId}/rejects`),
  },
  'GET /districts/{districtId}/roster-syncs/{id}/changes': {
    allowed: rosterReaders(409),
    ask: (call, { districtId, syncId }) => call('GET', `/v1/districts/${districtId}/roster-syncs/${syncId}/changes`),
  },
  'GET /districts/{districtId}/roster-syncs/{id}/held-removals': {
    allowed: administratorOnly(200),
    ask: (call, { districtId, syncId }) => call('GET', `/v1/districts/${districtId}/roster-syncs/${syncId}/held-removals`),
  },
  'POST /districts/{districtId}/roster-syncs/{id}/removal-decision': {
    allowed: administratorOnly(409),
    ask: (call, { districtId, syncId }) =>
      call('POST', `/v1/districts/${districtId}/roster-syncs/${syncId}/removal-decision`, { decision: 'discard', reason: 'a test' }),
  },
  'POST /districts/{districtId}/audits': {
    allowed: auditorOnly(422),
    ask: (call, { districtId }) => call('POST', `/v1/districts/${districtId}/audits`, { reason: 'no' }),
  },
  'GET /districts/{districtId}/audits': {
    allowed: watchers(200),
    ask: (call, { districtId }) => call('GET', `/v1/districts/${districtId}/audits`),
  },
  'GET /districts/{districtId}/audits/{id}/views': {
    allowed: watchers(200),
    ask: (call, { districtId, auditId }) => call('GET', `/v1/districts/${districtId}/audits/${auditId}/views`),
  },
  'GET /districts/{districtId}/audits/{id}/channels': {
    allowed: auditorOnly(200),
    ask: (call, { districtId, auditId }) => call('GET', `/v1/districts/${districtId}/audits/${auditId}/channels`),
  },
  'GET /districts/{districtId}/audits/{id}/channels/{channelId}/messages': {
    allowed: auditorOnly(200),
    ask: (call, { districtId, auditId, channelId }) =>
      call('GET', `/v1/districts/${districtId}/audits/${auditId}/channels/${channelId}/messages`),
  },
  'GET /districts/{districtId}/audits/{id}/announcements': {
    allowed: auditorOnly(200),
    ask: (call, { districtId, auditId }) => call('GET', `/v1/districts/${districtId}/audits/${auditId}/announcements`),
  },
  'GET /districts/{districtId}/audits/{id}/announcements/{announcementId}': {
    allowed: auditorOnly(200),
    ask: (call, { districtId, auditId, announcementId }) =>
      call('GET', `/v1/districts/${districtId}/audits/${auditId}/announcements/${announcementId}`),
  },
  'GET /districts/{districtId}/audits/{id}/announcements/{announcementId}/scope': {
    allowed: auditorOnly(200),
    ask: (call, { districtId, auditId, announcementId }) =>
      call('GET', `/v1/districts/${districtId}/audits/${auditId}/announcements/${announcementId}/scope`),
  },
  'GET /districts/{districtId}/audits/{id}/attachments/{attachmentId}/content': {
    allowed: auditorOnly(200),
    ask: (call, { districtId, auditId, attachmentId }) =>
      call('GET', `/v1/districts/${districtId}/audits/${auditId}/attachments/${attachmentId}/content`),
  },
  'POST /messages/{id}/reports': {
    allowed: readersBut(201),
    ask: (call, { messageId }) => call('POST', `/v1/messages/${messageId}/reports`, { category: 'other' }),
  },
  'POST /announcements/{id}/reports': {
    allowed: { ...sectionPeople(201), teacher: 403 },
    ask: (call, { announcementId }) => call('POST', `/v1/announcements/${announcementId}/reports`, { category: 'other' }),
  },
  'POST /attachments/{id}/reports': {
    allowed: readersBut(201),
    ask: (call, { attachmentId }) => call('POST', `/v1/attachments/${attachmentId}/reports`, { category: 'other' }),
  },
  'GET /districts/{districtId}/reports': {
    allowed: safetyOnly(200),
    ask: (call, { districtId }) => call('GET', `/v1/districts/${districtId}/reports`),
  },
  'GET /districts/{districtId}/reports/{id}': {
    allowed: safetyOnly(200),
    ask: (call, { districtId, reportId }) => call('GET', `/v1/districts/${districtId}/reports/${reportId}`),
  },
  'POST /districts/{districtId}/reports/{id}/decisions': {
    allowed: safetyOnly(200),
    ask: (call, { districtId, reportId }) =>
      call('POST', `/v1/districts/${districtId}/reports/${reportId}/decisions`, { decision: 'resolve', note: 'a test' }),
  },
  'GET /districts/{districtId}/reports/{id}/attachments/{attachmentId}/content': {
    allowed: safetyOnly(200),
    ask: (call, { districtId, reportId, attachmentId }) =>
      call('GET', `/v1/districts/${districtId}/reports/${reportId}/attachments/${attachmentId}/content`),
  },
  'DELETE /attachments/{id}': {
    allowed: teachersOf(204),
    ask: (call, { attachmentId }) => call('DELETE', `/v1/attachments/${attachmentId}`),
  },
}

const contract = JSON.parse(describeApi()) as { paths: Record<string, Record<string, unknown>> }
/** The door for machines takes a secret and no token: it has tests of its own. */
const routes = Object.entries(contract.paths).flatMap(([path, methods]) =>
  path === '/oauth/token' ? [] : Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
)

test('every route has a row, and every row a route; whatever names an id is guarded', () => {
  expect(Object.keys(matrix).toSorted()).toEqual(routes.toSorted())
  for (const route of routes.filter((one) => /\{(?:id|districtId)\}/.test(one))) expect(matrix[route]?.allowed.outsider).toBe(404)
})

/** The body of the one 404 there is, for people and machines alike. */
const absence = async (call: Caller): Promise<string> =>
  withoutRequestId((await call('GET', `/v1/districts/${crypto.randomUUID()}/api-clients`)).body)

const expectHidden = async (answer: ApiAnswer<unknown>, call: Caller): Promise<void> => {
  expect(answer.status).toBe(404)
  expect(withoutRequestId(answer.body)).toBe(await absence(call))
}

const outsidersOf = (circle: Circle, route: string) =>
  circles
    .filter((other) => (route.includes('/districts/') ? other.districtId !== circle.districtId : other !== circle))
    .flatMap((other) => [
      other.teacher,
      other.student,
      other.guardian,
      ...(route.includes('/districts/') ? [other.administrator, other.auditor, other.safety, other.machine, other.reader] : []),
    ])

const toPeople = ({ teacher, student, guardian, administrator, auditor, safety, machine, reader }: Circle) => ({
  teacher: [teacher],
  student: [student],
  guardian: [guardian],
  administrator: [administrator],
  auditor: [auditor],
  safety: [safety],
  machine: [machine],
  reader: [reader],
})

describe.each(Object.entries(matrix))('%s', (route, { allowed, ask }) => {
  test('is answered as the matrix says to everybody, and to nobody who is not signed in', async () => {
    const circle = circles[0]
    // What is taken back is gone: each who may do that gets a file, or a message, of their own.
    const target = async () => {
      if (route.startsWith('DELETE /attachments')) return { ...circle, attachmentId: await createOpenFile(api, database, circle) }
      if (route.includes('/announcements/{id}/')) return { ...circle, announcementId: await createAnnouncement(circle) }
      return route.includes('/messages/{id}/') ? { ...circle, messageId: await createMessage(circle) } : circle
    }
    const people = { ...toPeople(circle), outsider: outsidersOf(circle, route) }
    for (const standing of standings) {
      for (const { call } of people[standing]) {
        const answer = await ask(call, await target())
        expect({ standing, status: answer.status }).toEqual({ standing, status: allowed[standing] })
        if (answer.status === 404) await expectHidden(answer, call)
      }
    }
    const unsigned = await ask(createCaller(api.url), circle)
    expect(unsigned).toMatchObject({ status: 401, body: { code: 'not-signed-in' } })
    expect(unsigned.headers.get('WWW-Authenticate')).toBe('Bearer')
  })
})

/** Routes that concern something in particular; the others concern only the one who asks. */
const guarded = Object.entries(matrix).filter(([, { allowed }]) => allowed.outsider === 404)

describe.each(guarded)('%s', (route, { ask }) => {
  test('answers the ids of every other district and section as if they did not exist', async () => {
    for (const circle of circles) for (const { call } of outsidersOf(circle, route)) await expectHidden(await ask(call, circle), call)
  })
})

/** The two stand in a section each for themselves: it takes both ends for neither to know of it. */
const isOfSection = (route: string): boolean => /\/(sections|announcements)\//.test(route)

/** What a district owns stands whoever is enrolled, and an explanation says to the two that it has ended. */
const isOfRoster = (route: string): boolean => !route.includes('/districts/') && route !== 'GET /access/explain'

describe.each(guarded.filter(([route]) => isOfRoster(route)))('%s', (route, { allowed, ask }) => {
  test('answers nothing to those whom the roster no longer connects, and again when it does', async () => {
    const circle = { ...circles[1], attachmentId: await createOpenFile(api, database, circles[1]) }
    const ties = isOfSection(route) ? [circle.teachingId, circle.learningId] : [circle.learningId]
    for (const tie of ties) await endEnrollment(database, tie)
    for (const { call } of [circle.teacher, circle.student]) await expectHidden(await ask(call, circle), call)
    for (const tie of ties) await resumeEnrollment(database, tie)
    expect((await ask(circle.teacher.call, circle)).status).toBe(allowed.teacher)
  })
})

describe('ids inside a body', () => {
  test('a guardian of another family, section or district cannot be written to about a student', async () => {
    const { teacher, student } = circles[0]
    for (const other of circles.slice(1)) {
      await expectHidden(await teacher.call('POST', '/v1/channels', { studentId: student.id, guardianId: other.guardian.id }), teacher.call)
      await expectHidden(
        await teacher.call('POST', '/v1/channels', { studentId: other.student.id, guardianId: circles[0].guardian.id }),
        teacher.call,
      )
    }
  })

  test('a file of another circle cannot be posted, and is refused like one that does not exist', async () => {
    const { teacher, channelId } = circles[0]
    const post = (id: string) => teacher.call('POST', `/v1/channels/${channelId}/messages`, { text: 'x', attachmentIds: [id] })
    const absent = await post(crypto.randomUUID())
    expect(absent.status).toBe(409)
    for (const other of circles.slice(1)) {
      const foreign = await post(await createTicket(other))
      expect(foreign.status).toBe(409)
      expect(withoutRequestId(foreign.body)).toBe(withoutRequestId(absent.body))
    }
  })

  test('a cursor made for another circle shows nothing of it', async () => {
    const [own, other] = circles
    const cursor = Buffer.from(JSON.stringify({ before: other.attachmentId })).toString('base64url')
    const { body } = await own.teacher.call<{ items: { channelId: string }[] }>(
      'GET',
      `/v1/channels/${own.channelId}/attachments?cursor=${cursor}`,
    )
    for (const { channelId } of body.items) expect(channelId).toBe(own.channelId)
  })
})
