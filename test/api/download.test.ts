import { randomBytes } from 'node:crypto'
import { request, type IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { withDistrict } from '../../db/openDatabase.ts'
import { withdrawAttachment } from '../../db/queries/withdrawAttachment.ts'
import { endSession } from '../../db/queries/endSession.ts'
import type { ObjectBucket } from '../../domain/ports.ts'
import { attachmentStates } from '../../domain/attachment.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createSampleDistrict, type SampleDistrict } from '../db/roster.ts'
import { createCaller, type Caller } from '../support/callApi.ts'
import { withCanary } from '../support/canary.ts'
import { endEnrollment, resumeEnrollment } from '../support/endRelation.ts'
import { moveTo, release } from '../support/placeFiles.ts'
import { signIn } from '../support/signIn.ts'
import { startApi, type RunningApi } from '../support/startApi.ts'

let database: TestDatabase
let api: RunningApi
let district: SampleDistrict
let teacher: Caller
let studentToken: string
let student: Caller
let channelId: string

const small = Buffer.concat([Buffer.from(withCanary('')), randomBytes(200_000)])
let smallId: string
/** Larger than what sockets and pipes hold, so that a reader who pauses stops the stream. */
const largeBytes = 24 * 1024 * 1024
let largeId: string

const createFile = async (bytes: Buffer): Promise<string> => {
  const { body } = await teacher<{ attachment: { id: string } }>('POST', `/v1/channels/${channelId}/attachments`, {
    fileName: `${withCanary('tarea número 1')}.pdf`,
    contentType: 'application/pdf',
    bytes: bytes.length,
  })
  await teacher('POST', `/v1/channels/${channelId}/messages`, { text: '', attachmentIds: [body.attachment.id] })
  await release(api.deps, database, { districtId: district.districtId, attachmentId: body.attachment.id, bytes })
  return body.attachment.id
}

const download = (id: string, headers: Record<string, string> = {}, method = 'GET', token = studentToken) =>
  fetch(`${api.url}/v1/attachments/${id}/content`, { method, headers: { Authorization: `Bearer ${token}`, ...headers } })

const countDownloads = async (id: string): Promise<number> => {
  const query = `select count(*)::int as count from audit_entries where action = 'attachment.download' and target = $1`
  return (await database.superuser.query<{ count: number }>(query, [id])).rows[0]?.count ?? 0
}

beforeAll(async () => {
  database = await createTestDatabase()
  api = await startApi(database, { pace: { downloadBytesPerDecision: 256 * 1024 } })
  district = await createSampleDistrict(database.superuser)
  const signedIn = async (userId: string) => (await signIn(api.deps.app, district.districtId, userId)).token
  teacher = createCaller(api.url, await signedIn(district.teacherId))
  studentToken = await signedIn(district.studentId)
  student = createCaller(api.url, studentToken)
  channelId = (await teacher<{ id: string }>('POST', '/v1/channels', { studentId: district.studentId })).body.id
  smallId = await createFile(small)
  largeId = await createFile(randomBytes(largeBytes))
})

afterAll(async () => {
  await api?.close()
  await database?.close()
})

describe('a clean file', () => {
  test('arrives whole, saved and never opened, and who read it was written down before', async () => {
    const before = await countDownloads(smallId)
    const response = await download(smallId)
    expect(response.status).toBe(200)
    expect(Buffer.from(await response.arrayBuffer()).equals(small)).toBe(true)
    expect(await countDownloads(smallId)).toBe(before + 1)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/pdf',
      'content-length': String(small.length),
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-store',
      'accept-ranges': 'bytes',
      'content-disposition': expect.stringMatching(/^attachment; .*filename\*=UTF-8''tarea%20n%C3%BAmero%201/),
      'content-security-policy': expect.stringContaining('sandbox'),
    })
  })

  test.each([
    ['bytes=0-0', 0, 0],
    ['bytes=65000-66000', 65_000, 66_000],
    ['bytes=65536-131071', 65_536, 131_071],
    ['bytes=-100', small.length - 100, small.length - 1],
    ['bytes=199999-99999999', 199_999, small.length - 1],
  ])('gives the range %s and no other byte', async (range, first, last) => {
    const response = await download(smallId, { Range: range })
    expect(response.status).toBe(206)
    expect(response.headers.get('Content-Range')).toBe(`bytes ${first}-${last}/${small.length}`)
    expect(Buffer.from(await response.arrayBuffer()).equals(small.subarray(first, last + 1))).toBe(true)
  })

  test('says so when the range lies outside it', async () => {
    const response = await download(smallId, { Range: `bytes=${small.length}-` })
    expect(response.status).toBe(416)
    expect(response.headers.get('Content-Range')).toBe(`bytes */${small.length}`)
    expect(await response.json()).toMatchObject({ code: 'range-not-satisfiable' })
  })

  test('continues for the file that was begun, and starts anew for another', async () => {
    const eTag = (await download(smallId, {}, 'HEAD')).headers.get('ETag') ?? ''
    const go = async (ifRange: string) => {
      const response = await download(smallId, { Range: 'bytes=10-19', 'If-Range': ifRange })
      await response.arrayBuffer()
      return response.status
    }
    expect(await go(eTag)).toBe(206)
    expect(await go('"another"')).toBe(200)
  })

  test('shows its headers alone without a row, since nothing was read', async () => {
    const before = await countDownloads(smallId)
    const response = await download(smallId, {}, 'HEAD')
    expect(response.headers.get('Content-Length')).toBe(String(small.length))
    expect(await response.text()).toBe('')
    expect(await countDownloads(smallId)).toBe(before)
  })
})

test('a file in any other state gives no byte', async () => {
  const id = await createFile(Buffer.from('not yet'))
  for (const state of attachmentStates.filter((one) => one !== 'clean')) {
    await moveTo(database, id, state)
    expect(await student('GET', `/v1/attachments/${id}/content`)).toMatchObject({ status: 409, body: { code: 'state-conflict' } })
  }
  expect(await countDownloads(id)).toBe(0)
})

test('no answer holds an address under which the store itself would give the file', async () => {
  const { body, headers } = await student('GET', `/v1/attachments/${smallId}`)
  for (const text of [JSON.stringify(body), JSON.stringify([...headers])]) expect(text).not.toMatch(/X-Amz-|Signature|hallpass-clean/i)
})

/** Reads the first bytes, then waits for `meanwhile`, then reads the rest. */
const readAround = (id: string, meanwhile: () => Promise<unknown>, token = studentToken) =>
  new Promise<{ bytes: number; isComplete: boolean }>((resolve, reject) => {
    const headers = { Authorization: `Bearer ${token}` }
    const asked = request(`${api.url}/v1/attachments/${id}/content`, { headers }, (response: IncomingMessage) => {
      let bytes = 0
      response.once('data', () => {
        response.pause()
        meanwhile().then(() => response.resume(), reject)
      })
      response.on('data', (chunk: Buffer) => (bytes += chunk.length))
      response.on('error', () => undefined)
      response.on('close', () => resolve({ bytes, isComplete: response.complete }))
    })
    asked.on('error', reject)
    asked.end()
  })

describe('a download that runs', () => {
  test('goes on while the roster connects the two', async () => {
    expect(await readAround(largeId, () => Promise.resolve())).toEqual({ bytes: largeBytes, isComplete: true })
  })

  test('is torn when the roster ends the relation in the middle', async () => {
    const cut = await readAround(largeId, () => endEnrollment(database, district.learningId))
    await resumeEnrollment(database, district.learningId)
    expect(cut.isComplete).toBe(false)
    expect(cut.bytes).toBeLessThan(largeBytes)
  })

  test('is torn when the session ends in the middle', async () => {
    const { token, sessionId } = await signIn(api.deps.app, district.districtId, district.studentId)
    const end = () =>
      withDistrict(api.deps.app, district.districtId, (tx) => endSession(tx, { sessionId, by: { kind: 'system', name: 'test' } }))
    const cut = await readAround(largeId, end, token)
    expect(cut.isComplete).toBe(false)
    expect(cut.bytes).toBeLessThan(largeBytes)
  })

  test('ends quietly when its reader goes away, and the next one is served', async () => {
    const gone = new AbortController()
    const response = await fetch(`${api.url}/v1/attachments/${largeId}/content`, {
      headers: { Authorization: `Bearer ${studentToken}` },
      signal: gone.signal,
    })
    await response.body?.getReader().read()
    gone.abort()
    expect((await download(smallId)).status).toBe(200)
  })

  test('is torn when the file is withdrawn in the middle, because malware was found in it', async () => {
    const id = await createFile(randomBytes(largeBytes))
    const finding = { sha256: '0b'.repeat(32), releasedSha256: null, signature: 's', engine: 'e', databaseVersion: '1', withdrawnBy: 'w' }
    const cut = await readAround(id, () => withDistrict(api.deps.app, district.districtId, (tx) => withdrawAttachment(tx, id, finding)))
    expect(cut.isComplete).toBe(false)
    expect(cut.bytes).toBeLessThan(largeBytes)
    expect((await download(id)).status).toBe(409)
  })

  test('is torn when the file is taken back in the middle', async () => {
    const id = await createFile(randomBytes(largeBytes))
    const cut = await readAround(id, () => teacher('DELETE', `/v1/attachments/${id}`))
    expect(cut.isComplete).toBe(false)
  })
})

test('a slow store gives no fresh allowance: who loses access while it is asked gets no byte', async () => {
  const asked = Promise.withResolvers<void>()
  const gate = Promise.withResolvers<void>()
  const read: ObjectBucket['read'] = async (...request) => {
    asked.resolve()
    await gate.promise
    return api.deps.clean.read(...request)
  }
  const decisionMs = 100
  const slow = await startApi(database, {
    keys: api.deps.keys,
    clean: { ...api.deps.clean, read },
    pace: { downloadDecisionMs: decisionMs },
  })
  const received = fetch(`${slow.url}/v1/attachments/${smallId}/content`, { headers: { Authorization: `Bearer ${studentToken}` } }).then(
    (response) => response.arrayBuffer(),
  )
  const outcome = received.then(
    ({ byteLength }) => byteLength,
    () => 'torn',
  )
  await asked.promise
  await endEnrollment(database, district.learningId)
  await sleep(2 * decisionMs)
  gate.resolve()
  expect(await outcome).toBe('torn')
  await resumeEnrollment(database, district.learningId)
  await slow.close()
})

/** The same API over a store with a planted fault. */
const withFaultyStore = async <T>(read: ObjectBucket['read'], work: (caller: Caller) => Promise<T>): Promise<T> => {
  const faulty = await startApi(database, { keys: api.deps.keys, clean: { ...api.deps.clean, read } })
  try {
    return await work(createCaller(faulty.url, studentToken))
  } finally {
    await faulty.close()
  }
}

const readAway: ObjectBucket['read'] = () => Promise.reject(Object.assign(new Error('away'), { code: 'ECONNREFUSED' }))

const readChanged: ObjectBucket['read'] = async (key, options) => {
  const chunks: Buffer[] = []
  for await (const chunk of (await api.deps.clean.read(key, options)) as AsyncIterable<Buffer>) chunks.push(chunk)
  const bytes = Buffer.concat(chunks)
  bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1
  return Object.assign(Readable.from([bytes]), { bytes: bytes.length })
}

describe('when the store is away or lies', () => {
  test('the answer is an error, not an empty or a broken file', async () => {
    const answer = await withFaultyStore(readAway, (caller) => caller('GET', `/v1/attachments/${smallId}/content`))
    expect(answer).toMatchObject({ status: 503, body: { code: 'try-again' } })
  })

  test('changed bytes are never passed on', async () => {
    const answer = await withFaultyStore(readChanged, (caller) =>
      caller('GET', `/v1/attachments/${smallId}/content`, undefined, { Range: 'bytes=0-9' }),
    )
    expect(answer).toMatchObject({ status: 500, body: { code: 'internal-error' } })
  })
})
