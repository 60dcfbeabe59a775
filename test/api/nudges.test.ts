import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Problem } from '../../api/problem.ts'
import type { MessageView } from '../../api/schemas/messageSchema.ts'
import type { ReportView } from '../../api/schemas/reportSchema.ts'
import { withCanary } from '../support/canary.ts'
import { createCircles, createTicket, type Circle, type Person } from '../support/circles.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
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
  await database.superuser.query(
    `insert into district_words values ($1, 'en', 'fiddlesticks', 'nudge'), ($1, 'en', 'the thing on friday', 'threat'), ($2, 'en', 'gadzooks', 'nudge')`,
    [circle.districtId, circles[2].districtId],
  )
})
afterAll(async () => {
  await api?.close()
  await database?.close()
})

type Nudged = { nudge: { token: string; expiresAt: string; findings: { why: string; start: number; end: number }[] } }
type Body = { text: string; id?: string; nudgeToken?: string; attachmentIds?: string[] }

const post = (body: Body, by: Person = circle.student, channelId = circle.channelId) =>
  by.call<MessageView & Nudged & Problem>('POST', `/v1/channels/${channelId}/messages`, { id: crypto.randomUUID(), ...body })
const nudgeOf = async (text: string, by?: Person) => (await post({ text }, by)).body.nudge
const bad = withCanary('this is bullshit')
const good = withCanary('this is nonsense')
const posting = (state: string) => circle.teacher.call('PUT', `/v1/channels/${circle.channelId}/posting`, { posting: state })
const counts = async (): Promise<Record<string, number>> => {
  const { rows } = await database.superuser.query<{ outcome: string; count: number }>(
    'select outcome, sum(count)::int as count from nudge_counts where district_id = $1 group by outcome',
    [circle.districtId],
  )
  return { nudged: 0, revised: 0, 'posted-anyway': 0, ...Object.fromEntries(rows.map(({ outcome, count }) => [outcome, count])) }
}
const countMessages = async () =>
  (await database.superuser.query('select 1 from messages where district_id = $1', [circle.districtId])).rowCount

describe('a text that its author may be sorry for', () => {
  test('is not posted: its author is shown what and why, and nothing is kept but a count', async () => {
    const [messages, before] = [await countMessages(), await counts()]
    const id = crypto.randomUUID()
    const { status, body } = await post({ id, text: bad })
    expect(status).toBe(200)
    expect(body).toEqual({
      nudge: { token: expect.any(String), expiresAt: expect.any(String), findings: [{ why: 'profanity', start: 8, end: 16 }] },
    })
    expect(await countMessages()).toBe(messages)
    expect(await counts()).toEqual({ ...before, nudged: (before['nudged'] ?? 0) + 1 })
    const { rows } = await database.superuser.query(
      `select 1 from audit_entries where target = $1 or details::text like '%' || $1 || '%'`,
      [id],
    )
    expect(rows).toEqual([])
  })

  test('is posted with the token of its nudge, and counted as posted anyway, once however often it is sent', async () => {
    const { token } = await nudgeOf(bad)
    const before = await counts()
    const id = crypto.randomUUID()
    for (let times = 0; times < 3; times += 1)
      expect(await post({ id, text: bad, nudgeToken: token })).toMatchObject({ status: 201, body: { id } })
    expect(await post({ id, text: bad })).toMatchObject({ status: 201, body: { id } })
    expect(await counts()).toEqual({ ...before, 'posted-anyway': (before['posted-anyway'] ?? 0) + 1 })
    const { rows } = await database.superuser.query('select was_nudged from messages where id = $1', [id])
    expect(rows).toEqual([{ was_nudged: true }])
  })

  test('may be revised: another text with the token is counted as such, and no text is kept to know it', async () => {
    const { token } = await nudgeOf(bad)
    const before = await counts()
    expect((await post({ text: good, nudgeToken: token })).status).toBe(201)
    expect(await counts()).toEqual({ ...before, revised: (before['revised'] ?? 0) + 1 })
    expect((await post({ text: good })).status).toBe(201)
    expect(await counts()).toEqual({ ...before, revised: (before['revised'] ?? 0) + 1 })
  })

  test('is asked about again when the token is of another text, author or channel, is over, or is none', async () => {
    const { token } = await nudgeOf(bad)
    const about = (
      await circle.teacher.call<{ id: string }>('POST', '/v1/channels', { studentId: circle.student.id, guardianId: circle.guardian.id })
    ).body.id
    expect((await post({ text: withCanary('utter bullshit'), nudgeToken: token })).status).toBe(200)
    expect((await post({ text: bad, nudgeToken: token }, circle.teacher)).status).toBe(200)
    const teachers = await nudgeOf(bad, circle.teacher)
    expect((await post({ text: bad, nudgeToken: teachers.token }, circle.teacher, about)).status).toBe(200)
    expect((await post({ text: bad, nudgeToken: teachers.token }, circle.teacher)).status).toBe(201)
    for (const nudgeToken of ['', 'x', token.slice(2), `${token.slice(0, -2)}AA`])
      expect((await post({ text: bad, nudgeToken })).status).toBe(200)
  })

  test('is asked about in the words of its own district, and of no other', async () => {
    const { body } = await post({ text: withCanary('Fiddlesticks, gadzooks') })
    expect(body.nudge.findings).toEqual([{ why: 'district-word', start: 0, end: 12 }])
  })

  test('with files is asked about too, and the files are still there to post', async () => {
    const attachmentId = await createTicket(circle)
    const { body } = await post({ text: bad, attachmentIds: [attachmentId] }, circle.teacher)
    const posted = await post({ text: bad, attachmentIds: [attachmentId], nudgeToken: body.nudge.token }, circle.teacher)
    expect(posted).toMatchObject({ status: 201, body: { attachments: [{ id: attachmentId }] } })
  })
})

describe('a nudge', () => {
  test('is nobody’s who may not post there: they are refused as with any text', async () => {
    const before = await counts()
    for (const by of [circle.guardian, circles[1].teacher, circles[2].student]) expect((await post({ text: bad }, by)).status).toBe(404)
    await posting('paused')
    expect(await post({ text: bad })).toMatchObject({ status: 409, body: { code: 'posting-paused' } })
    await posting('open')
    const { body } = await post({ text: good })
    expect(await post({ id: body.id, text: bad })).toMatchObject({ status: 409, body: { code: 'message-id-reused' } })
    expect(await counts()).toEqual(before)
  })

  test('never comes with a concern: the message is posted, and the concern raised', async () => {
    for (const text of ['i want to die, bullshit', 'bullshit, remember the thing on Friday']) {
      const { status, body } = await post({ text: withCanary(text) })
      expect(status).toBe(201)
      const reports = await circle.safety.call<{ items: ReportView[] }>('GET', `/v1/districts/${circle.districtId}/reports`)
      expect(reports.body.items[0]).toMatchObject({ messageId: body.id, origin: 'language' })
    }
  })

  test('leaves nothing of the text in the log', async () => {
    await nudgeOf(bad)
    expect(api.logged()).not.toContain('bullshit')
  })
})

describe('an auditor', () => {
  test('finds conversations by what was posted after a nudge, and by what was reported, but for what they wrote themselves', async () => {
    const search = async (query: string) =>
      (
        await circle.auditor.call<{ items: { id: string }[] }>(
          'GET',
          `/v1/districts/${circle.districtId}/audits/${circle.auditId}/channels?limit=100&${query}`,
        )
      ).body.items.map(({ id }) => id)
    const other = circles[1]
    expect(await search(`hasNudged=true&personId=${other.student.id}`)).toEqual([])
    const { body } = await post({ text: bad }, other.student, other.channelId)
    await post({ text: bad, nudgeToken: body.nudge.token }, other.student, other.channelId)
    expect(await search(`hasNudged=true&personId=${other.student.id}`)).toEqual([other.channelId])
    expect(await search(`hasNudged=false&personId=${other.student.id}`)).toEqual([])
    expect(await search(`hasReported=true&personId=${other.student.id}`)).toEqual([other.channelId])
    await database.superuser.query('update reports set author_id = $2 where channel_id = $1', [other.channelId, circle.auditor.id])
    expect(await search(`hasReported=true&personId=${other.student.id}`)).toEqual([])
    expect(await search(`hasReported=false&personId=${other.student.id}`)).toEqual([other.channelId])
  })
})
