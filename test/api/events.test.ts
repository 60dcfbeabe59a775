import { afterAll, beforeAll, expect, test } from 'vitest'
import { withDistrict } from '../../db/openDatabase.ts'
import { endSession } from '../../db/queries/endSession.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createSampleDistrict, type SampleDistrict } from '../db/roster.ts'
import { createCaller, type Caller } from '../support/callApi.ts'
import { withCanary } from '../support/canary.ts'
import { endEnrollment, resumeEnrollment } from '../support/endRelation.ts'
import { moveTo } from '../support/placeFiles.ts'
import { signIn } from '../support/signIn.ts'
import { startApi, type RunningApi } from '../support/startApi.ts'

let database: TestDatabase
let api: RunningApi
let district: SampleDistrict
let teacher: Caller
let teacherToken: string
let studentToken: string
let channelId: string

beforeAll(async () => {
  database = await createTestDatabase()
  api = await startApi(database, { pace: { eventPollMs: 20, eventHeartbeatMs: 100, eventStreamsPerPerson: 2 } })
  district = await createSampleDistrict(database.superuser)
  teacherToken = (await signIn(api.deps.app, district.districtId, district.teacherId)).token
  studentToken = (await signIn(api.deps.app, district.districtId, district.studentId)).token
  teacher = createCaller(api.url, teacherToken)
  channelId = (await teacher<{ id: string }>('POST', '/v1/channels', { studentId: district.studentId })).body.id
})

afterAll(async () => {
  await api?.close()
  await database?.close()
})

const createPosted = async (): Promise<string> => {
  const file = { fileName: `${withCanary('a')}.txt`, contentType: 'text/plain', bytes: 5 }
  const { body } = await teacher<{ attachment: { id: string } }>('POST', `/v1/channels/${channelId}/attachments`, file)
  await teacher('POST', `/v1/channels/${channelId}/messages`, { text: '', attachmentIds: [body.attachment.id] })
  return body.attachment.id
}

type Followed = { status: number; next(): Promise<string | null>; rest(): Promise<string[]>; close(): Promise<void> }

/** Follows an attachment; `next` answers one block of the stream, null at its end. */
const follow = async (id: string, token: string): Promise<Followed> => {
  const response = await fetch(`${api.url}/v1/attachments/${id}/events`, { headers: { Authorization: `Bearer ${token}` } })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let buffered = ''
  const next = async (): Promise<string | null> => {
    while (!buffered.includes('\n\n')) {
      const { done, value } = (await reader?.read()) ?? { done: true, value: undefined }
      if (done) return null
      buffered += value
    }
    const end = buffered.indexOf('\n\n')
    const block = buffered.slice(0, end)
    buffered = buffered.slice(end + 2)
    return block
  }
  const rest = async (): Promise<string[]> => {
    const blocks: string[] = []
    for (let block = await next(); block !== null; block = await next()) if (!block.startsWith(':')) blocks.push(block)
    return blocks
  }
  return { status: response.status, next, rest, close: async () => reader?.cancel() }
}

const stateOf = (block: string | null): string => /"state":"([^"]+)"/.exec(block ?? '')?.[1] ?? `no state in ${block}`

test('the state comes at once and at every change, and the stream ends with the last one', async () => {
  const id = await createPosted()
  const stream = await follow(id, teacherToken)
  expect(stateOf(await stream.next())).toBe('awaiting-upload')
  await moveTo(database, id, 'scanning')
  let block = await stream.next()
  while (block?.startsWith(':')) block = await stream.next()
  expect(stateOf(block)).toBe('scanning')
  await moveTo(database, id, 'clean')
  const [last, end] = await stream.rest()
  expect(stateOf(last ?? null)).toBe('clean')
  expect(end).toBe('event: end\ndata: {}')
})

test('others follow what they may see: no name, no reason', async () => {
  const id = await createPosted()
  await moveTo(database, id, 'quarantined')
  const blocks = await (await follow(id, studentToken)).rest()
  expect(stateOf(blocks[0] ?? null)).toBe('removed')
  expect(blocks.join()).not.toMatch(/quarantined|infected|\.txt/)
})

test('a stream closes when the roster ends the relation, and cannot be opened again', async () => {
  const id = await createPosted()
  const stream = await follow(id, studentToken)
  await stream.next()
  await endEnrollment(database, district.learningId)
  expect(await stream.rest()).toEqual(['event: gone\ndata: {}'])
  expect((await follow(id, studentToken)).status).toBe(404)
  await resumeEnrollment(database, district.learningId)
})

test('a stream closes when its session ends', async () => {
  const id = await createPosted()
  const { token, sessionId } = await signIn(api.deps.app, district.districtId, district.studentId)
  const stream = await follow(id, token)
  await stream.next()
  await withDistrict(api.deps.app, district.districtId, (tx) => endSession(tx, { sessionId, by: { kind: 'system', name: 'test' } }))
  expect(await stream.rest()).toEqual(['event: gone\ndata: {}'])
})

test('a person follows so many streams and no more, and a closed one gives its place back', async () => {
  const id = await createPosted()
  const { token } = await signIn(api.deps.app, district.districtId, district.teacherId)
  const open = [await follow(id, token), await follow(id, token)]
  const third = await follow(id, token)
  expect(third.status).toBe(429)
  await third.close()
  for (const stream of open) await stream.close()
  await expect
    .poll(async () => {
      const stream = await follow(id, token)
      await stream.close()
      return stream.status
    })
    .toBe(200)
})

test('asking for the headers alone opens no stream', async () => {
  const id = await createPosted()
  const { token } = await signIn(api.deps.app, district.districtId, district.teacherId)
  const headers = { Authorization: `Bearer ${token}` }
  for (let count = 0; count < 5; count += 1) {
    expect((await fetch(`${api.url}/v1/attachments/${id}/events`, { method: 'HEAD', headers })).status).toBe(200)
  }
  const stream = await follow(id, token)
  expect(stream.status).toBe(200)
  await stream.close()
})

test('a stream ends by itself after its time, and the client comes back', async () => {
  const id = await createPosted()
  const short = await startApi(database, { keys: api.deps.keys, pace: { eventPollMs: 10, eventStreamMaxMs: 100 } })
  const response = await fetch(`${short.url}/v1/attachments/${id}/events`, { headers: { Authorization: `Bearer ${teacherToken}` } })
  expect(await response.text()).not.toContain('event: end')
  await short.close()
})

test('a quiet stream is kept alive by comments', async () => {
  const stream = await follow(await createPosted(), teacherToken)
  await stream.next()
  expect(await stream.next()).toBe(': still here')
  await stream.close()
})

test('streams end when the process is asked to stop', async () => {
  const id = await createPosted()
  const closing = new AbortController()
  const other = await startApi(database, { keys: api.deps.keys, closing: closing.signal, pace: { eventPollMs: 20 } })
  const response = await fetch(`${other.url}/v1/attachments/${id}/events`, { headers: { Authorization: `Bearer ${teacherToken}` } })
  closing.abort()
  expect(await response.text()).toContain('event: state')
  await other.close()
})
