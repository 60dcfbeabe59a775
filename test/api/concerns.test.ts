import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ReportDetailView, ReportView } from '../../api/schemas/reportSchema.ts'
import { withCanary } from '../support/canary.ts'
import { createCircles, type Circle } from '../support/circles.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { startApi, type RunningApi } from '../support/startApi.ts'

let database: TestDatabase
let api: RunningApi
let circle: Circle
let circles: [Circle, Circle, Circle]

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

const concern = withCanary('i do not want to live anymore.')
const post = (text: string, id: string = crypto.randomUUID(), by = circle.student) =>
  by.call<{ id: string }>('POST', `/v1/channels/${circle.channelId}/messages`, { id, text })
const list = async (of = circle) =>
  (await of.safety.call<{ items: ReportView[] }>('GET', `/v1/districts/${of.districtId}/reports?limit=100`)).body.items
const read = async (id: string) =>
  (await circle.safety.call<ReportDetailView>('GET', `/v1/districts/${circle.districtId}/reports/${id}`)).body

test('a message whose words raise a concern is posted as any other, and those whom the district names have a report and a run that tells of it', async () => {
  const { status, body } = await post(concern)
  expect(status).toBe(201)
  const [raised] = await list()
  expect(raised).toMatchObject({
    origin: 'language',
    reporter: null,
    author: { id: circle.student.id },
    messageId: body.id,
    category: 'self-harm',
  })
  const { rows } = await database.superuser.query<{ id: string; input: object }>(
    `select workflow_id as id, input from outbox where input->>'reportId' = $1`,
    [raised?.id],
  )
  expect(rows).toEqual([
    { id: `follow-report:${raised?.id}:1`, input: { districtId: circle.districtId, reportId: raised?.id, attempt: 1 } },
  ])
  const { acts, messages } = await read(raised?.id ?? '')
  expect(acts.map(({ act, actor }) => [act, actor?.id ?? null])).toEqual([
    ['flagged', null],
    ['looked', circle.safety.id],
  ])
  expect(messages.find(({ id }) => id === body.id)?.text).toBe(concern)
})

const shape = (answer: { status: number; headers: Headers; body: object }) => ({
  status: answer.status,
  headers: [...answer.headers.keys()].toSorted(),
  fields: Object.keys(answer.body),
})

test('its author is answered exactly as of a message without one', async () => {
  expect(shape(await post(concern))).toEqual(shape(await post(withCanary('see you tomorrow'))))
})

test('sent again, twenty times at once, it is one message and one concern', async () => {
  const id = crypto.randomUUID()
  const answers = await Promise.all(Array.from({ length: 20 }, () => post(concern, id)))
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]))
  expect((await list()).filter(({ messageId }) => messageId === id)).toHaveLength(1)
})

test('what is not posted raises nothing, and nothing reaches another district', async () => {
  const before = (await list()).length
  const foreign = (await list(circles[2])).length
  expect((await post(concern, undefined, circle.guardian)).status).toBe(404)
  expect((await post(concern, undefined, circles[2].student)).status).toBe(404)
  await circle.teacher.call('PUT', `/v1/channels/${circle.channelId}/posting`, { posting: 'closed' })
  expect((await post(concern)).status).toBe(409)
  await circle.teacher.call('PUT', `/v1/channels/${circle.channelId}/posting`, { posting: 'open' })
  expect(await list()).toHaveLength(before)
  expect(await list(circles[2])).toHaveLength(foreign)
})

test('words that look the same in another script, are spelled or hidden raise it too; school words raise nothing', async () => {
  const before = (await list()).length
  for (const text of ['i want to k i l l myself', 'I’m gonna kill mys\u200Belf', 'me quiero morir']) await post(withCanary(text))
  expect(await list()).toHaveLength(before + 3)
  for (const text of ['This homework kills me', 'Read the scene in which Juliet wakes up', 'I cut the paper by myself'])
    await post(withCanary(text))
  expect(await list()).toHaveLength(before + 3)
})
