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
const fileOf = (name: string) => ({ fileName: `${name}.txt`, contentType: 'text/plain', bytes: 5 })
type Ticket = { attachment: { id: string }; upload: { expiresAt: string } }
const create = (name: string, headers: Record<string, string>, caller = teacher) =>
  caller<Ticket & Problem>('POST', `/v1/channels/${channelId}/attachments`, fileOf(name), headers)
const countTickets = async () =>
  (await database.superuser.query<{ count: number }>('select count(*)::int as count from attachments')).rows[0]?.count

test('the same request with the same key is done once and answers the same', async () => {
  const [headers, text] = [key(), withCanary('once')]
  const before = await countTickets()
  const first = await create(text, headers)
  const second = await create(text, headers)
  expect([first.status, second.status]).toEqual([201, 201])
  expect(second.body.attachment).toEqual(first.body.attachment)
  expect(await countTickets()).toBe((before ?? 0) + 1)
})

test('twenty at once are done once', async () => {
  const [headers, text] = [key(), withCanary('at once')]
  const before = await countTickets()
  const answers = await Promise.all(Array.from({ length: 20 }, () => create(text, headers)))
  expect(await countTickets()).toBe((before ?? 0) + 1)
  // Some may be told that the first one is still being worked on; nobody is told anything else.
  for (const { status, body } of answers) expect(status === 201 || body.code === 'idempotency-in-progress').toBe(true)
  expect(new Set(answers.flatMap(({ status, body }) => (status === 201 ? [body.attachment.id] : []))).size).toBe(1)
})

test('another body, or another address, with the same key is refused and changes nothing', async () => {
  const headers = key()
  await create(withCanary('first'), headers)
  const before = await countTickets()
  expect(await create(withCanary('other'), headers)).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } })
  expect(await teacher('POST', '/v1/channels', { studentId: district.studentId }, headers)).toMatchObject({
    status: 422,
    body: { code: 'idempotency-key-reused' },
  })
  expect(await countTickets()).toBe(before)
})

test('keys of different people never meet', async () => {
  const [headers, text] = [key(), withCanary('mine')]
  const [one, other] = [await create(text, headers), await create(text, headers, student)]
  expect([one.status, other.status]).toEqual([201, 201])
  expect(one.body.attachment.id).not.toBe(other.body.attachment.id)
})

test('a request that was refused leaves its key free', async () => {
  const headers = key()
  const bad = { ...fileOf('bad'), contentType: 'application/x-msdownload' }
  expect((await teacher('POST', `/v1/channels/${channelId}/attachments`, bad, headers)).status).toBe(422)
  expect((await create(withCanary('good'), headers)).status).toBe(201)
})

test('a repetition decides again: after access ended it shows nothing', async () => {
  const [headers, text] = [key(), withCanary('before the end')]
  await create(text, headers)
  await endEnrollment(database, district.learningId)
  expect(await create(text, headers)).toMatchObject({ status: 404, body: { code: 'not-found' } })
  await resumeEnrollment(database, district.learningId)
  expect((await create(text, headers)).status).toBe(201)
})

test('a repeated ticket is the same attachment with no more time, and none when its upload is done', async () => {
  const headers = key()
  const again = () => create('a', headers)
  const [first, second] = [await again(), await again()]
  expect(second.body.attachment.id).toBe(first.body.attachment.id)
  const { rows } = await database.superuser.query<{ latest: Date }>('select ticket_expires_at as latest from attachments where id = $1', [
    first.body.attachment.id,
  ])
  for (const { body } of [first, second]) {
    expect(new Date(body.upload.expiresAt).getTime()).toBeLessThanOrEqual((rows[0]?.latest.getTime() ?? 0) + 1_000)
  }
  await moveTo(database, first.body.attachment.id, 'scanning')
  expect(await again()).toMatchObject({ status: 409, body: { code: 'state-conflict' } })
})

test.each(['', 'ü', 'a b', 'x'.repeat(256)])('the key %j is refused', async (bad) => {
  const { status, body } = await create('x', { 'Idempotency-Key': bad })
  expect(status).toBe(422)
  expect(body.errors?.[0]).toMatchObject({ in: 'header' })
})
