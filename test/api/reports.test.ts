import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Problem } from '../../api/problem.ts'
import type { ReportDetailView, ReportView } from '../../api/schemas/reportSchema.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { withCanary } from '../support/canary.ts'
import { createCircles, createMessage, createOpenFile, createTicket, type Circle, type Person } from '../support/circles.ts'
import { endEnrollment, resumeEnrollment } from '../support/endRelation.ts'
import { moveTo } from '../support/placeFiles.ts'
import { startApi, type RunningApi } from '../support/startApi.ts'

let database: TestDatabase
let api: RunningApi
let circles: [Circle, Circle, Circle]
let circle: Circle

beforeAll(async () => {
  database = await createTestDatabase()
  api = await startApi(database)
  circles = await createCircles(api, database)
  circle = circles[0]
})
afterAll(async () => {
  await api?.close()
  await database?.close()
})

type Page = { items: ReportView[]; nextCursor: string | null }
type Own = { id: string; messageId: string; attachmentId: string | null; category: string; createdAt: string }

const pathOf = (rest = '') => `/v1/districts/${circle.districtId}/reports${rest}`
const report = (by: Person, messageId: string, category = 'bullying') =>
  by.call<Own & Problem>('POST', `/v1/messages/${messageId}/reports`, { category })
const list = async (by = circle.safety, query = '?limit=100') => (await by.call<Page>('GET', pathOf(query))).body
const read = (id: string, by = circle.safety) => by.call<ReportDetailView & Problem>('GET', pathOf(`/${id}`))
const decide = (id: string, decision: string, by = circle.safety) =>
  by.call<ReportView & Problem>('POST', pathOf(`/${id}/decisions`), { decision, note: 'Spoke with both' })
const post = async (by: Person, text = withCanary('a message')) =>
  (await by.call<{ id: string }>('POST', `/v1/channels/${circle.channelId}/messages`, { text })).body.id
const reportNew = async () => {
  const messageId = await createMessage(circle)
  return { messageId, id: (await report(circle.student, messageId)).body.id }
}
/** Gives a person of the circle's district a permission, and answers how to take it back. */
const withPermissions = async (userId: string, permissions: readonly string[], work: () => Promise<void>) => {
  for (const permission of permissions)
    await database.superuser.query(
      `insert into grants (district_id, id, user_id, permission, author_id, begins) values ($1, gen_random_uuid(), $2, $3, $2, now() - interval '1 day')`,
      [circle.districtId, userId, permission],
    )
  try {
    await work()
  } finally {
    await database.superuser.query('delete from grants where user_id = $1', [userId])
  }
}

describe('reporting', () => {
  test('whoever sees a message or a file reports it, and those whom the district names see who, what and whose', async () => {
    const messageId = await createMessage(circle)
    const { status, body } = await report(circle.student, messageId)
    expect(status).toBe(201)
    expect(body).toEqual({
      id: body.id,
      messageId,
      announcementId: null,
      attachmentId: null,
      category: 'bullying',
      createdAt: expect.any(String),
    })
    expect((await list()).items.find(({ id }) => id === body.id)).toMatchObject({
      origin: 'person',
      state: 'flagged',
      category: 'bullying',
      reporter: { id: circle.student.id },
      author: { id: circle.teacher.id },
      channelId: circle.channelId,
    })
    const attachmentId = await createOpenFile(api, database, circle)
    const file = await circle.student.call<Own>('POST', `/v1/attachments/${attachmentId}/reports`, { category: 'sexual' })
    expect(file).toMatchObject({ status: 201, body: { attachmentId } })
    expect((await list()).items[0]).toMatchObject({ id: file.body.id, attachmentId, messageId: file.body.messageId })
  })

  test('twenty times at once by one person is one report of the first category, and one run that tells of it', async () => {
    const messageId = await post(circle.student)
    const answers = await Promise.all(Array.from({ length: 20 }, () => report(circle.teacher, messageId)))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]))
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1)
    const { rows } = await database.superuser.query(
      `select r.id, (select count(*)::int from outbox o where o.input->>'reportId' = r.id::text) as starts from reports r where message_id = $1`,
      [messageId],
    )
    expect(rows).toEqual([{ id: answers[0]?.body.id, starts: 1 }])
    expect((await report(circle.teacher, messageId, 'threat')).body).toMatchObject({ category: 'bullying' })
  })

  test('an author does not report what is theirs, nobody what they do not see, and a ticket is no file yet', async () => {
    const messageId = await createMessage(circle)
    expect(await report(circle.teacher, messageId)).toMatchObject({ status: 403, body: { code: 'not-allowed' } })
    for (const by of [circle.guardian, circle.safety, circles[1].teacher, circles[2].student])
      expect((await report(by, messageId)).status).toBe(404)
    await circle.teacher.call('POST', `/v1/messages/${messageId}/hide`)
    expect((await report(circle.student, messageId)).status).toBe(404)
    const ticket = await createTicket(circle)
    for (const { call } of [circle.student, circle.teacher])
      expect([403, 404]).toContain((await call('POST', `/v1/attachments/${ticket}/reports`, { category: 'other' })).status)
    const { rows } = await database.superuser.query('select id from reports where message_id = $1 or attachment_id = $2', [
      messageId,
      ticket,
    ])
    expect(rows).toEqual([])
  })

  test('nobody reports when the roster no longer connects them, not even again', async () => {
    const { messageId } = await reportNew()
    await endEnrollment(database, circle.learningId)
    expect((await report(circle.student, messageId)).status).toBe(404)
    await resumeEnrollment(database, circle.learningId)
    expect((await report(circle.student, messageId)).status).toBe(201)
  })

  test('what the roster ended, the teacher hid or the author took back is still shown to those who look at the report', async () => {
    const { messageId, id } = await reportNew()
    await circle.teacher.call('POST', `/v1/messages/${messageId}/withdraw`)
    await endEnrollment(database, circle.learningId)
    const { status, body } = await read(id)
    await resumeEnrollment(database, circle.learningId)
    expect(status).toBe(200)
    expect(body.messages.find((one) => one.id === messageId)).toMatchObject({
      text: withCanary('read this'),
      withdrawnAt: expect.any(String),
    })
  })
})

describe('looking at a report', () => {
  test('shows the message and at most five before and after it', async () => {
    const texts = Array.from({ length: 13 }, (_, index) => withCanary(`number ${index}`))
    const ids: string[] = []
    for (const text of texts) ids.push(await post(circle.teacher, text))
    const { body } = await report(circle.student, ids[6] ?? '')
    const { messages } = (await read(body.id)).body
    expect(messages.map(({ text }) => text)).toEqual(texts.slice(1, 12))
  })

  test('is a row that those who see the report see, and one in the sealed log; the list is none', async () => {
    const { id } = await reportNew()
    await list()
    const { acts } = (await read(id)).body
    expect(acts.map(({ act, actor }) => [act, actor?.id])).toEqual([
      ['flagged', circle.student.id],
      ['looked', circle.safety.id],
    ])
    const { rows } = await database.superuser.query<{ action: string; actor: string }>(
      'select action, actor from audit_entries where target = $1 order by id',
      [id],
    )
    expect(rows).toEqual([
      { action: 'report.flag', actor: circle.student.id },
      { action: 'report.look', actor: circle.safety.id },
    ])
  })

  test('serves the clean files of the reported message and of no other, each time written down', async () => {
    const attachmentId = await createOpenFile(api, database, circle)
    const { body } = await circle.student.call<Own>('POST', `/v1/attachments/${attachmentId}/reports`, { category: 'other' })
    const content = (file: string) => circle.safety.call<Problem>('GET', pathOf(`/${body.id}/attachments/${file}/content`))
    expect((await content(attachmentId)).status).toBe(200)
    expect((await content(circle.attachmentId)).status).toBe(404)
    expect((await content(circles[2].attachmentId)).status).toBe(404)
    await moveTo(database, attachmentId, 'quarantined')
    expect((await content(attachmentId)).status).toBe(409)
    expect((await read(body.id)).body.acts.map(({ act }) => act)).toEqual(['flagged', 'downloaded', 'looked'])
  })

  test('pages join without a gap, by state too', async () => {
    const { id } = await reportNew()
    await decide(id, 'no-issue')
    for (const state of ['', '&state=flagged', '&state=no-issue']) {
      const whole = (await list(circle.safety, `?limit=100${state}`)).items.map((one) => one.id)
      const paged: string[] = []
      for (let cursor: string | null = ''; cursor !== null;) {
        const page: Page = await list(circle.safety, `?limit=2${state}${cursor === '' ? '' : `&cursor=${cursor}`}`)
        paged.push(...page.items.map((one) => one.id))
        cursor = page.nextCursor
      }
      expect(paged).toEqual(whole)
    }
    expect((await list(circle.safety, '?limit=100&state=no-issue')).items.map((one) => one.id)).toContain(id)
  })
})

describe('deciding', () => {
  test('resolves, finds no issue and reopens; every step is kept with who, when and why', async () => {
    const { id } = await reportNew()
    expect((await decide(id, 'resolve')).body).toMatchObject({ state: 'resolved' })
    expect((await decide(id, 'resolve')).body).toMatchObject({ state: 'resolved' })
    expect(await decide(id, 'no-issue')).toMatchObject({ status: 409, body: { code: 'state-conflict' } })
    expect((await decide(id, 'reopen')).body).toMatchObject({ state: 'reopened' })
    expect((await decide(id, 'no-issue')).body).toMatchObject({ state: 'no-issue' })
    const { acts } = (await read(id)).body
    expect(acts.map(({ act, note }) => [act, note])).toEqual([
      ['flagged', null],
      ['resolved', 'Spoke with both'],
      ['reopened', 'Spoke with both'],
      ['no-issue', 'Spoke with both'],
      ['looked', null],
    ])
    const { rows } = await database.superuser.query(`select workflow_id from outbox where input->>'reportId' = $1 order by id`, [id])
    expect(rows).toEqual([{ workflow_id: `follow-report:${id}:1` }, { workflow_id: `follow-report:${id}:2` }])
  })

  test('two people who decide at once decide once', async () => {
    const { id } = await reportNew()
    await Promise.all([decide(id, 'resolve'), decide(id, 'no-issue'), decide(id, 'resolve'), decide(id, 'no-issue')])
    expect((await read(id)).body.acts.map(({ act }) => act)).toEqual(['flagged', expect.stringMatching(/^(resolved|no-issue)$/), 'looked'])
  })
})

/** Everything that this person is answered about themselves, their channel and its message. */
const everythingOf = async ({ call }: Person, messageId: string): Promise<unknown[]> => {
  const { districtId, channelId } = circle
  const answers = []
  for (const path of [
    '/v1/me',
    '/v1/contacts',
    '/v1/channels',
    `/v1/channels/${channelId}/audits`,
    '/v1/announcements',
    `/v1/channels/${channelId}`,
    `/v1/channels/${channelId}/messages`,
    `/v1/channels/${channelId}/attachments`,
    `/v1/access/explain?actor=${circle.teacher.id}&target=${circle.student.id}`,
    `/v1/districts/${districtId}/audits`,
    `/v1/districts/${districtId}/reports?limit=100`,
    `/v1/districts/${districtId}/provider-connections`,
    `/v1/districts/${districtId}/roster-syncs`,
  ])
    answers.push({ path, ...(await call('GET', path)), headers: null })
  const own = await call<Problem>('POST', `/v1/messages/${messageId}/reports`, { category: 'other' })
  return [...answers, { status: own.status, code: own.body.code }]
}

/** Times and ids of a request aside. */
const toComparable = (answers: unknown[]): unknown =>
  JSON.parse(JSON.stringify(answers, (key, value: unknown) => (key === 'at' || key === 'requestId' || key === 'roster' ? '' : value)))

describe('the reported person', () => {
  test('sees no difference in anything before and after, whatever they may do in the district', async () => {
    await withPermissions(circle.teacher.id, ['safety', 'administer', 'audit'], async () => {
      const messageId = await createMessage(circle)
      const before = toComparable(await everythingOf(circle.teacher, messageId))
      const { body } = await report(circle.student, messageId)
      await read(body.id)
      await decide(body.id, 'resolve')
      expect(toComparable(await everythingOf(circle.teacher, messageId))).toEqual(before)
      const absent = await read(crypto.randomUUID(), circle.teacher)
      for (const answer of [await read(body.id, circle.teacher), await decide(body.id, 'reopen', circle.teacher)])
        expect({ ...answer.body, requestId: '' }).toEqual({ ...absent.body, requestId: '' })
      expect((await read(body.id)).body.acts.map(({ act }) => act)).toEqual(['flagged', 'looked', 'resolved', 'looked'])
    })
  })

  test('opens no file of theirs by a report of it', async () => {
    const attachmentId = await createOpenFile(api, database, circle)
    const { body } = await circle.student.call<Own>('POST', `/v1/attachments/${attachmentId}/reports`, { category: 'other' })
    await withPermissions(circle.teacher.id, ['safety'], async () => {
      const path = pathOf(`/${body.id}/attachments/${attachmentId}/content`)
      expect((await circle.teacher.call('GET', path)).status).toBe(404)
    })
  })
})

describe('who looks', () => {
  test('only those whom the district names, as long as it does; of another district nobody', async () => {
    const { id } = await reportNew()
    const statuses = async (by: Person) => [
      (await by.call('GET', pathOf())).status,
      (await read(id, by)).status,
      (await decide(id, 'resolve', by)).status,
    ]
    for (const by of [circle.administrator, circle.auditor, circle.student, circle.guardian])
      expect(await statuses(by)).toEqual([403, 403, 403])
    expect(await statuses(circles[2].safety)).toEqual([404, 404, 404])
    const end = (ends: string | null) =>
      database.superuser.query('update grants set ends = $2 where user_id = $1', [circle.safety.id, ends])
    await end('2001-01-01')
    expect(await statuses(circle.safety)).toEqual([403, 403, 403])
    await end(null)
    expect(await statuses(circle.safety)).toEqual([200, 200, 200])
  })
})
