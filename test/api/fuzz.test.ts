import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeApi } from '../../api/describeApi.ts'
import type { Problem } from '../../api/problem.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createCaller } from '../support/callApi.ts'
import { createCircles, type Circle } from '../support/circles.ts'
import { startApi, type RunningApi } from '../support/startApi.ts'

let database: TestDatabase
let api: RunningApi
let circle: Circle

beforeAll(async () => {
  database = await createTestDatabase()
  api = await startApi(database)
  circle = (await createCircles(api, database))[0]
})

afterAll(async () => {
  await api?.close()
  await database?.close()
})

const contract = JSON.parse(describeApi()) as { paths: Record<string, Record<string, unknown>> }
// Streams and the file itself have tests of their own; here every answer is read to its end.
const routes = Object.entries(contract.paths)
  .filter(([path]) => !/(events|content)$|^\/oauth/.test(path))
  .flatMap(([path, methods]) => Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path })))

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 50 }),
  fc.constantFrom('', '\u0000', '\ud800', '%00', '../', "'--", '9'.repeat(400)),
)
const anyValue = fc.oneof(
  anyText,
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.array(anyText, { maxLength: 12 }),
  fc.object({ maxDepth: 2 }),
)
const names = ['text', 'attachmentIds', 'fileName', 'contentType', 'bytes', 'studentId', 'guardianId', '__proto__', 'constructor']
const parameters = ['limit', 'cursor', 'before', 'after', 'x']

/** Real ids often enough that requests get past the first check. */
const anyBody = fc.oneof(
  fc.dictionary(fc.constantFrom(...names), anyValue),
  anyValue,
  fc.record({ text: anyText, attachmentIds: fc.array(fc.uuid(), { maxLength: 3 }) }),
  fc.record({ fileName: anyText.map((text) => `${text}.pdf`), contentType: fc.constant('application/pdf'), bytes: fc.integer() }),
  fc.record({ studentId: fc.uuid(), guardianId: fc.uuid() }),
)
const anyQuery = fc.dictionary(fc.constantFrom(...parameters), anyText, { maxKeys: 2 })
const anyCursor = fc.dictionary(fc.constantFrom('seq', 'before', 'activeAt', 'channelId', 'studentId', 'participantId'), anyValue)

const isSendable = (text: string) => text.isWellFormed()
const toSearch = (query: Record<string, string>, cursor: unknown): string => {
  const pairs = Object.entries(query).filter(([, value]) => isSendable(value))
  const search = new URLSearchParams(pairs)
  search.set('cursor', Buffer.from(JSON.stringify(cursor)).toString('base64url').slice(0, 300) || 'x')
  return search.toString()
}

test('whatever is sent to whichever route, the answer is the contract’s or a problem document, and never a 5xx', { retry: 0 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...routes),
      fc.constantFrom('channel', 'attachment', 'random', 'text'),
      anyText.filter(isSendable),
      anyBody,
      anyQuery,
      anyCursor,
      async ({ method, path }, kind, text, body, query, cursor) => {
        const id = {
          channel: circle.channelId,
          attachment: circle.attachmentId,
          random: crypto.randomUUID(),
          text: encodeURIComponent(text) || 'x',
        }[kind]
        const hasBody = method === 'POST'
        const search = fc.stringify(query).length % 2 === 0 ? `?${toSearch(query, cursor)}` : ''
        const call = path.includes('{districtId}')
          ? circle.administrator.call
          : method === 'DELETE'
            ? circle.student.call
            : circle.teacher.call
        const address = `/v1${path.replace('{districtId}', circle.districtId).replace('{id}', id)}${search}`
        const answer = hasBody
          ? await call<Problem>(method, address, JSON.stringify(body), { 'Content-Type': 'application/json' })
          : await call<Problem>(method, address)
        const { status, body: said } = answer
        const isProblem = said.status === status && typeof said.code === 'string' && typeof said.requestId === 'string'
        expect({ status, isSound: status < 400 || (status < 500 && isProblem) }).toEqual({ status, isSound: true })
      },
    ),
    { numRuns: 400 },
  )
  expect((await createCaller(api.url)('GET', '/readyz')).status).toBe(200)
})
