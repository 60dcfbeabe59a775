import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Problem } from '../../api/problem.ts'
import type { TermsVersionView, TermsView } from '../../api/schemas/termsSchema.ts'
import { readingNotice } from '../../domain/termsOfUse.ts'
import { createSampleDistrict, type SampleDistrict } from '../db/roster.ts'
import { createCaller, type ApiAnswer, type Caller } from '../support/callApi.ts'
import { withCanary } from '../support/canary.ts'
import { addStaff } from '../support/circles.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { signIn } from '../support/signIn.ts'
import { startApi, type RunningApi } from '../support/startApi.ts'

let database: TestDatabase
let api: RunningApi
let district: SampleDistrict
type Person = Caller & { id: string }
let administrator: Person
let teacher: Person
let student: Person
let channelId: string

beforeAll(async () => {
  database = await createTestDatabase()
  api = await startApi(database)
})
afterAll(async () => {
  await api?.close()
  await database?.close()
})

const callerOf = async (userId: string): Promise<Person> =>
  Object.assign(createCaller(api.url, (await signIn(api.deps.app, district.districtId, userId)).token), { id: userId })

beforeEach(async () => {
  district = await createSampleDistrict(database.superuser)
  administrator = await callerOf(await addStaff(database, district.districtId, 'administer'))
  teacher = await callerOf(district.teacherId)
  student = await callerOf(district.studentId)
  channelId = (await teacher<{ id: string }>('POST', '/v1/channels', { studentId: district.studentId })).body.id
})

type Published = TermsVersionView & { text: string } & Problem
type Page<Item> = { items: Item[]; nextCursor: string | null }

const textOf = (version: number): string => `Terms ${version}\n\n## User contributions\n\nWhat you write stays yours.`
const path = (rest = ''): string => `/v1/districts/${district.districtId}/terms-of-use${rest}`
const publish = (version: number, caller: Caller = administrator): Promise<ApiAnswer<Published>> =>
  caller<Published>('POST', path(), { text: textOf(version), replaces: version - 1 })
const accept = (caller: Caller, version: number) => caller<TermsView & Problem>('PUT', '/v1/me/terms-of-use', { version })
const readTerms = async (caller: Caller): Promise<TermsView> => (await caller<TermsView>('GET', '/v1/terms-of-use')).body
const post = (caller: Caller, id: string = newId()) =>
  caller<Problem>('POST', `/v1/channels/${channelId}/messages`, { id, text: withCanary('words') })
const upload = (caller: Caller) =>
  caller<Problem>('POST', `/v1/channels/${channelId}/attachments`, { fileName: 'a.pdf', contentType: 'application/pdf', bytes: 1 })

describe('terms of use', () => {
  test('a district that has published none asks nobody, and still says that it can read', async () => {
    expect(await readTerms(teacher)).toEqual({ notice: readingNotice, terms: null, acceptedAt: null, mustAccept: false })
    expect(await accept(teacher, 1)).toMatchObject({ status: 409, body: { code: 'state-conflict' } })
    expect((await post(teacher)).status).toBe(201)
  })

  test('whoever has not accepted them writes nothing and sends no file, is told how, and reads as before; who accepts writes at once', async () => {
    await post(teacher)
    expect((await publish(1)).status).toBe(201)
    for (const refused of [await post(student), await upload(student)]) {
      expect(refused).toMatchObject({ status: 403, body: { code: 'terms-not-accepted' } })
      expect(refused.body.detail).toMatch(/GET \/v1\/terms-of-use.*PUT \/v1\/me\/terms-of-use/)
    }
    const messages = await student<Page<object>>('GET', `/v1/channels/${channelId}/messages`)
    expect(messages).toMatchObject({ status: 200, body: { items: [{ seq: 1 }] } })
    expect(await readTerms(student)).toMatchObject({ terms: { version: 1, text: textOf(1) }, acceptedAt: null, mustAccept: true })
    expect(await accept(student, 1)).toMatchObject({ status: 200, body: { acceptedAt: expect.any(String), mustAccept: false } })
    expect((await post(student)).status).toBe(201)
    expect((await upload(student)).status).toBe(201)
    expect((await post(teacher)).status).toBe(403)
  })

  test('a new version is accepted anew, the one before it can no longer be, and what was posted before is answered again', async () => {
    await publish(1)
    await accept(student, 1)
    const id = newId()
    expect((await post(student, id)).status).toBe(201)
    await publish(2)
    expect((await post(student)).status).toBe(403)
    expect((await post(student, id)).status).toBe(201)
    expect(await accept(student, 1)).toMatchObject({ status: 409, body: { code: 'state-conflict' } })
    expect((await post(student)).status).toBe(403)
    await accept(student, 2)
    expect((await post(student)).status).toBe(201)
  })

  test('a teacher announces nothing, and sends no file to a section, before accepting them; what was announced before is answered again', async () => {
    const say = (id: string = newId()) =>
      teacher<Problem>('POST', `/v1/sections/${district.sectionId}/announcements`, { id, text: withCanary('words'), recipients: 'both' })
    const send = () =>
      teacher<Problem>('POST', `/v1/sections/${district.sectionId}/attachments`, {
        fileName: 'a.pdf',
        contentType: 'application/pdf',
        bytes: 1,
      })
    const id = newId()
    expect((await say(id)).status).toBe(201)
    await publish(1)
    for (const refused of [await say(), await send()]) expect(refused).toMatchObject({ status: 403, body: { code: 'terms-not-accepted' } })
    expect((await say(id)).status).toBe(201)
    await accept(teacher, 1)
    for (const allowed of [await say(), await send()]) expect(allowed.status).toBe(201)
  })

  test('somebody whom nothing connects hears of no terms: the channel is not there for them', async () => {
    await publish(1)
    const stranger = await callerOf(district.strangerId)
    for (const refused of [await post(stranger), await upload(stranger)]) expect(refused.status).toBe(404)
  })

  test('accepting twenty times at once is accepting once, at the first time', async () => {
    await publish(1)
    const answers = await Promise.all(Array.from({ length: 20 }, () => accept(student, 1)))
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.acceptedAt}`)).size).toBe(1)
    expect((await accept(student, 1)).body.acceptedAt).toBe(answers[0]?.body.acceptedAt)
  })
})

describe('publishing', () => {
  test.each([
    ['no section on user contributions', 'Be kind.'],
    ['an empty section', '## User contributions\n'],
    ['no text', ''],
    ['more than fits', `${textOf(1)}${'x'.repeat(50_000)}`],
    ['what is no text', `${textOf(1)}\u0000`],
  ])('refuses %s, naming the field, and publishes nothing', async (_, text) => {
    const refused = await administrator<Problem>('POST', path(), { text, replaces: 0 })
    expect(refused).toMatchObject({ status: 422, body: { code: 'invalid-input', errors: [{ pointer: '/text' }] } })
    expect((await readTerms(student)).terms).toBeNull()
  })

  test('says who published what and when, and leaves a row in the audit log', async () => {
    const published = await publish(1)
    expect(published.body).toMatchObject({ version: 1, text: textOf(1), publishedBy: { id: administrator.id } })
    const { rows } = await database.superuser.query(
      `select actor, details from audit_entries where district_id = $1 and action = 'terms.publish'`,
      [district.districtId],
    )
    expect(rows).toEqual([{ actor: administrator.id, details: { characters: textOf(1).length } }])
  })

  test('the same again publishes once; another text that knows nothing of the newest is refused; of two at once one is published', async () => {
    expect((await publish(1)).body.version).toBe(1)
    expect((await publish(1)).body.version).toBe(1)
    const other = await callerOf(await addStaff(database, district.districtId, 'administer'))
    expect(await publish(1, other)).toMatchObject({ status: 409, body: { errors: [{ pointer: '/replaces' }] } })
    expect((await administrator('POST', path(), { text: textOf(9), replaces: 2 })).status).toBe(409)
    const both = await Promise.all([publish(2), publish(2, other)])
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409])
    const { items } = (await administrator<Page<TermsVersionView>>('GET', path())).body
    expect(items.map(({ version }) => version)).toEqual([2, 1])
  })

  test('the district pages through the versions, reads each, and sees who accepted which, and when', async () => {
    for (const version of [1, 2, 3]) await publish(version)
    const page = await administrator<Page<TermsVersionView>>('GET', path('?limit=2'))
    expect(page.body.items.map(({ version }) => version)).toEqual([3, 2])
    const rest = await administrator<Page<TermsVersionView>>('GET', path(`?limit=2&cursor=${page.body.nextCursor}`))
    expect(rest.body).toMatchObject({ items: [{ version: 1 }], nextCursor: null })
    expect((await administrator<Published>('GET', path('/2'))).body.text).toBe(textOf(2))

    const accepted = new Map<string, string>()
    for (const caller of [teacher, student]) accepted.set(caller.id, (await accept(caller, 3)).body.acceptedAt ?? '')
    const found = new Map<string, string>()
    let cursor: string | null = null
    do {
      const query: string = cursor === null ? '?limit=1' : `?limit=1&cursor=${cursor}`
      const { body }: ApiAnswer<Page<{ person: { id: string }; acceptedAt: string }>> = await administrator(
        'GET',
        path(`/3/acceptances${query}`),
      )
      for (const { person, acceptedAt } of body.items) found.set(person.id, acceptedAt)
      cursor = body.nextCursor
    } while (cursor !== null)
    expect(found).toEqual(accepted)
    expect((await administrator<Page<object>>('GET', path('/2/acceptances'))).body.items).toEqual([])
  })

  test('what one district publishes and accepts is nothing to another', async () => {
    await publish(1)
    const here = { student, channelId }
    district = await createSampleDistrict(database.superuser)
    const neighbour = await callerOf(district.studentId)
    expect((await readTerms(neighbour)).mustAccept).toBe(false)
    expect((await here.student<Problem>('POST', `/v1/channels/${here.channelId}/messages`, { text: withCanary('words') })).status).toBe(403)
  })

  test('there is no version where a number is none, or names none', async () => {
    await publish(1)
    for (const version of ['0', '2', '-1', '1.5', 'x', '99999999999999999999', '%00'])
      expect({ version, status: (await administrator('GET', path(`/${version}`))).status }).toEqual({ version, status: 404 })
  })
})
