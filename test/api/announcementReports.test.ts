import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Problem } from '../../api/problem.ts'
import type { ReportDetailView, ReportView } from '../../api/schemas/reportSchema.ts'
import { withCanary } from '../support/canary.ts'
import { createAnnouncement, createCircles, type Circle, type Person } from '../support/circles.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { endEnrollment, resumeEnrollment } from '../support/endRelation.ts'
import { moveTo, release } from '../support/placeFiles.ts'
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

type Own = { id: string; messageId: null; announcementId: string; attachmentId: string | null }

const pathOf = (rest = '') => `/v1/districts/${circle.districtId}/reports${rest}`
const report = (by: Person, id: string, category = 'bullying') =>
  by.call<Own & Problem>('POST', `/v1/announcements/${id}/reports`, { category })
const list = async (by = circle.safety) => (await by.call<{ items: ReportView[] }>('GET', pathOf('?limit=100'))).body.items
const read = (id: string, by = circle.safety) => by.call<ReportDetailView & Problem>('GET', pathOf(`/${id}`))
const announce = async (text: string, more: object = {}) =>
  (
    await circle.teacher.call<{ id: string }>('POST', `/v1/sections/${circle.sectionId}/announcements`, {
      text,
      recipients: 'both',
      ...more,
    })
  ).body.id

/** A clean file that the teacher announced. */
const announceFile = async () => {
  const file = { fileName: `${withCanary('file')}.pdf`, contentType: 'application/pdf', bytes: 1_000 }
  const ticket = await circle.teacher.call<{ attachment: { id: string } }>('POST', `/v1/sections/${circle.sectionId}/attachments`, file)
  const attachmentId = ticket.body.attachment.id
  const announcementId = await announce(withCanary('homework'), { attachmentIds: [attachmentId] })
  await release(api.deps, database, { districtId: circle.districtId, attachmentId, bytes: Buffer.from(withCanary('content')) })
  return { attachmentId, announcementId }
}

describe('reporting an announcement', () => {
  test('whoever sees it or its file reports it, once, and those whom the district names see who, what and whose', async () => {
    const announcementId = await createAnnouncement(circle)
    const answers = await Promise.all(Array.from({ length: 10 }, () => report(circle.student, announcementId)))
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.id}`)).size).toBe(1)
    const [{ body }] = answers as [(typeof answers)[number]]
    expect(body).toMatchObject({ announcementId, messageId: null, attachmentId: null, category: 'bullying' })
    // A guardian, for whom it is as well, has a report of their own.
    expect((await report(circle.guardian, announcementId)).body.id).not.toBe(body.id)
    expect((await list()).find(({ id }) => id === body.id)).toMatchObject({
      origin: 'person',
      state: 'flagged',
      reporter: { id: circle.student.id },
      author: { id: circle.teacher.id },
      channelId: null,
      messageId: null,
      announcementId,
    })
    const announced = await announceFile()
    const file = await circle.student.call<Own>('POST', `/v1/attachments/${announced.attachmentId}/reports`, { category: 'sexual' })
    expect(file).toMatchObject({ status: 201, body: { ...announced, messageId: null } })
  })

  test('its author does not, and nobody who does not see it now: not for them, hidden, or the roster has ended it', async () => {
    const announcementId = await createAnnouncement(circle)
    expect(await report(circle.teacher, announcementId)).toMatchObject({ status: 403, body: { code: 'not-allowed' } })
    for (const by of [circle.safety, circle.administrator, circles[1].teacher, circles[1].student, circles[2].student])
      expect((await report(by, announcementId)).status).toBe(404)
    const forGuardians = await announce(withCanary('for parents'), { recipients: 'guardians' })
    expect((await report(circle.student, forGuardians)).status).toBe(404)
    await endEnrollment(database, circle.learningId)
    expect((await report(circle.student, announcementId)).status).toBe(404)
    await resumeEnrollment(database, circle.learningId)
    await circle.teacher.call('POST', `/v1/announcements/${announcementId}/hide`)
    expect((await report(circle.student, announcementId)).status).toBe(404)
    const { rows } = await database.superuser.query('select id from reports where announcement_id = any($1)', [
      [announcementId, forGuardians],
    ])
    expect(rows).toEqual([])
  })

  test('those who look see it, withdrawn too, and its clean files, each look written down; the states are those of any report', async () => {
    const { attachmentId, announcementId } = await announceFile()
    const { id } = (await report(circle.student, announcementId)).body
    await circle.teacher.call('POST', `/v1/announcements/${announcementId}/withdraw`)
    const content = (file: string) => circle.safety.call<Problem>('GET', pathOf(`/${id}/attachments/${file}/content`))
    expect((await content(attachmentId)).status).toBe(200)
    expect((await content(circle.attachmentId)).status).toBe(404)
    await moveTo(database, attachmentId, 'quarantined')
    expect((await content(attachmentId)).status).toBe(409)
    for (const decision of ['resolve', 'reopen', 'no-issue'])
      expect((await circle.safety.call('POST', pathOf(`/${id}/decisions`), { decision, note: 'Spoke with them' })).status).toBe(200)
    const { body } = await read(id)
    expect(body.messages).toEqual([])
    expect(body.announcement).toMatchObject({
      id: announcementId,
      text: withCanary('homework'),
      withdrawnAt: expect.any(String),
      attachments: [{ id: attachmentId }],
    })
    expect(body.acts.map(({ act }) => act)).toEqual(['flagged', 'downloaded', 'resolved', 'reopened', 'no-issue', 'looked'])
  })

  test('the reported person sees no difference in anything, whatever they may do in the district', async () => {
    const announcementId = await createAnnouncement(circle)
    const { districtId, sectionId, teacher } = circle
    const everything = async () => {
      const paths = ['/v1/announcements', `/v1/announcements/${announcementId}`, `/v1/announcements/${announcementId}/delivery`]
      const more = [`/v1/sections/${sectionId}/announcements`, '/v1/notices', `/v1/districts/${districtId}/reports?limit=100`]
      const searched = `/v1/districts/${districtId}/audits/${auditId}/announcements?isReported=true`
      const answers = []
      for (const path of [...paths, ...more, searched]) answers.push(JSON.stringify((await teacher.call('GET', path)).body))
      return [...answers, (await report(teacher, announcementId)).body.code]
    }
    for (const permission of ['safety', 'audit'])
      await database.superuser.query(
        `insert into grants (district_id, id, user_id, permission, author_id, begins) values ($1, gen_random_uuid(), $2, $3, $2, now() - interval '1 day')`,
        [districtId, teacher.id, permission],
      )
    const opened = await teacher.call<{ id: string }>('POST', `/v1/districts/${districtId}/audits`, { reason: 'A parent asked for it' })
    const auditId = opened.body.id
    const before = await everything()
    const { id } = (await report(circle.student, announcementId)).body
    expect(await everything()).toEqual(before)
    expect((await read(id, teacher)).status).toBe(404)
    expect((await list(teacher)).map((one) => one.id)).not.toContain(id)
    await database.superuser.query('delete from grants where user_id = $1', [teacher.id])
  })
})

describe('the words of an announcement', () => {
  const concern = withCanary('i do not want to live anymore.')

  test('raise a concern, once however often it is sent, with a run that is asked for in the same transaction and says nothing of it', async () => {
    const id = crypto.randomUUID()
    for (const _ of [1, 2]) expect(await announce(concern, { id })).toBe(id)
    const raised = (await list()).filter(({ announcementId }) => announcementId === id)
    expect(raised).toMatchObject([{ origin: 'language', reporter: null, author: { id: circle.teacher.id }, category: 'self-harm' }])
    const reportId = raised[0]?.id
    const { rows } = await database.superuser.query<{ input: object }>(
      `select workflow_id as id, input from outbox where input->>'reportId' = $1`,
      [reportId],
    )
    expect(rows).toEqual([{ id: `follow-report:${reportId}:1`, input: { districtId: circle.districtId, reportId, attempt: 1 } }])
    expect((await read(reportId ?? '')).body.announcement).toMatchObject({ id, text: concern })
  })

  test('that are not posted raise nothing, and ordinary ones nothing either', async () => {
    const before = (await list()).length
    const path = `/v1/sections/${circle.sectionId}/announcements`
    expect((await circle.student.call('POST', path, { text: concern, recipients: 'both' })).status).toBe(403)
    expect((await circles[2].teacher.call('POST', path, { text: concern, recipients: 'both' })).status).toBe(404)
    await createAnnouncement(circle)
    expect(await list()).toHaveLength(before)
  })
})

test('an audit finds announcements that their author was asked about, and those that were reported, but for the auditor’s own', async () => {
  const search = async (query: string) =>
    (
      await circle.auditor.call<{ items: { id: string; wasNudged: boolean }[] }>(
        'GET',
        `/v1/districts/${circle.districtId}/audits/${circle.auditId}/announcements?limit=100&${query}`,
      )
    ).body.items
  const path = `/v1/sections/${circle.sectionId}/announcements`
  const body = { text: withCanary('this is bullshit'), recipients: 'both' }
  const asked = await circle.teacher.call<{ nudge: { token: string } }>('POST', path, body)
  const { id } = (await circle.teacher.call<{ id: string }>('POST', path, { ...body, nudgeToken: asked.body.nudge.token })).body
  const other = await createAnnouncement(circle)
  expect(await search('wasNudged=true')).toMatchObject([{ id, wasNudged: true }])
  expect((await search('wasNudged=false')).map((one) => one.id)).toContain(other)
  await report(circle.student, other)
  const reported = (await search('isReported=true')).map((one) => one.id)
  expect(reported).toContain(other)
  expect(reported).not.toContain(id)
})
