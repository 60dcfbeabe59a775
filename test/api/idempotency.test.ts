import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Problem } from '../../api/problem.ts'
import { type Caller } from '../support/callApi.ts'
import { withCanary } from '../support/canary.ts'
import { openRoom, type Room } from '../support/openRoom.ts'
import { endEnrollment, resumeEnrollment } from '../support/endRelation.ts'
import { moveTo } from '../support/placeFiles.ts'

let room: Room
let database: Room['database']
let district: Room['district']
let teacher: Caller
let student: Caller
let channelId: string

beforeAll(async () => {
  room = await openRoom()
  ;({ database, district, teacher, student, channelId } = room)
})

afterAll(() => room?.close())

const key = () => ({ 'Idempotency-Key': crypto.randomUUID() })
const post = (text: string, headers: Record<string, string>, caller = teacher) =>
  caller<{ id: string; seq: number } & Problem>('POST', `/v1/channels/${channelId}/messages`, { text }, headers)
const countMessages = async () =>
  (await database.superuser.query<{ count: number }>('select count(*)::int as count from messages')).rows[0]?.count

test('the same request with the same key is done once and answers the same', async () => {
  const [headers, text] = [key(), withCanary('once')]
  const before = await countMessages()
  const first = await post(text, headers)
  const second = await post(text, headers)
  expect([first.status, second.status]).toEqual([201, 201])
  expect(second.body).toEqual(first.body)
  expect(await countMessages()).toBe((before ?? 0) + 1)
})

test('twenty at once are done once', async () => {
  const [headers, text] = [key(), withCanary('at once')]
  const before = await countMessages()
  const answers = await Promise.all(Array.from({ length: 20 }, () => post(text, headers)))
  expect(await countMessages()).toBe((before ?? 0) + 1)
  // Some may be told that the first one is still being worked on; nobody is told anything else.
  for (const { status, body } of answers) expect(status === 201 || body.code === 'idempotency-in-progress').toBe(true)
  expect(new Set(answers.flatMap(({ status, body }) => (status === 201 ? [body.id] : []))).size).toBe(1)
})

test('another body, or another address, with the same key is refused and changes nothing', async () => {
  const headers = key()
  await post(withCanary('first'), headers)
  const before = await countMessages()
  expect(await post(withCanary('other'), headers)).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } })
  expect(await teacher('POST', '/v1/channels', { studentId: district.studentId }, headers)).toMatchObject({
    status: 422,
    body: { code: 'idempotency-key-reused' },
  })
  expect(await countMessages()).toBe(before)
})

test('keys of different people never meet', async () => {
  const [headers, text] = [key(), withCanary('mine')]
  const [one, other] = [await post(text, headers), await post(text, headers, student)]
  expect([one.status, other.status]).toEqual([201, 201])
  expect(one.body.id).not.toBe(other.body.id)
})

test('a request that was refused leaves its key free', async () => {
  const headers = key()
  const bad = { text: 'x', attachmentIds: ['0192f0c1-2b3c-7d4e-8f50-61728394a5b6'] }
  expect((await teacher('POST', `/v1/channels/${channelId}/messages`, bad, headers)).status).toBe(409)
  expect((await post(withCanary('good'), headers)).status).toBe(201)
})

test('a repetition decides again: after access ended it shows nothing', async () => {
  const [headers, text] = [key(), withCanary('before the end')]
  await post(text, headers)
  await endEnrollment(database, district.learningId)
  expect(await post(text, headers)).toMatchObject({ status: 404, body: { code: 'not-found' } })
  await resumeEnrollment(database, district.learningId)
  expect((await post(text, headers)).status).toBe(201)
})

test('a repeated ticket is the same attachment with no more time, and none when its upload is done', async () => {
  const headers = key()
  const create = () =>
    teacher<{ attachment: { id: string }; upload: { expiresAt: string } } & Problem>(
      'POST',
      `/v1/channels/${channelId}/attachments`,
      { fileName: 'a.txt', contentType: 'text/plain', bytes: 5 },
      headers,
    )
  const [first, second] = [await create(), await create()]
  expect(second.body.attachment.id).toBe(first.body.attachment.id)
  const { rows } = await database.superuser.query<{ latest: Date }>('select ticket_expires_at as latest from attachments where id = $1', [
    first.body.attachment.id,
  ])
  for (const { body } of [first, second]) {
    expect(new Date(body.upload.expiresAt).getTime()).toBeLessThanOrEqual((rows[0]?.latest.getTime() ?? 0) + 1_000)
  }
  await moveTo(database, first.body.attachment.id, 'scanning')
  expect(await create()).toMatchObject({ status: 409, body: { code: 'state-conflict' } })
})

test.each(['', 'ü', 'a b', 'x'.repeat(256)])('the key %j is refused', async (bad) => {
  const { status, body } = await post('x', { 'Idempotency-Key': bad })
  expect(status).toBe(422)
  expect(body.errors?.[0]).toMatchObject({ in: 'header' })
})
