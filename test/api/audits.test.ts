import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AuditedMessageView, AuditView } from '../../api/schemas/auditSchema.ts'
import type { Problem } from '../../api/problem.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { withCanary } from '../support/canary.ts'
import { createCircles, createMessage, createOpenFile, createTicket, type Circle } from '../support/circles.ts'
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

type Page<Item> = { items: Item[]; nextCursor: string | null }
type Look = { act: string; channelId: string | null; attachmentId: string | null; filters: object; itemCount: number }

const pathOf = (id: string, rest = '') => `/v1/districts/${circle.districtId}/audits/${id}${rest}`
const open = async (): Promise<AuditView> =>
  (await circle.auditor.call<AuditView>('POST', `/v1/districts/${circle.districtId}/audits`, { reason: 'Threats on 3 May' })).body
const search = async (id: string, query: string): Promise<string[]> =>
  (await circle.auditor.call<Page<{ id: string }>>('GET', pathOf(id, `/channels?${query}`))).body.items.map((one) => one.id)
const read = (id: string, channelId = circle.channelId, query = '') =>
  circle.auditor.call<{ items: AuditedMessageView[]; before: string | null; after: string } & Problem>(
    'GET',
    pathOf(id, `/channels/${channelId}/messages${query}`),
  )
const looksOf = async (id: string): Promise<Look[]> => (await circle.administrator.call<Page<Look>>('GET', pathOf(id, '/views'))).body.items
const withdraw = (id: string) => circle.teacher.call('POST', `/v1/messages/${id}/withdraw`)

describe('an audit', () => {
  test('is opened with a reason that says something, and the district sees who, why and until when', async () => {
    for (const reason of ['', 'no', ' '.repeat(40), 'x'.repeat(1_001)])
      expect((await circle.auditor.call('POST', `/v1/districts/${circle.districtId}/audits`, { reason })).status).toBe(422)
    const audit = await open()
    expect(audit).toMatchObject({ auditor: { id: circle.auditor.id }, reason: 'Threats on 3 May', viewCount: 0 })
    const { items } = (await circle.administrator.call<Page<AuditView>>('GET', `/v1/districts/${circle.districtId}/audits`)).body
    expect(items[0]).toEqual(audit)
    const { rows } = await database.superuser.query(`select reason from audit_entries where action = 'audit.open' and target = $1`, [
      audit.id,
    ])
    expect(rows).toEqual([{ reason: audit.reason }])
  })

  test('shows what was hidden and withdrawn, with who and when, and the text that its people no longer see', async () => {
    const [hidden, withdrawn] = [await createMessage(circle), await createMessage(circle)]
    await circle.teacher.call('POST', `/v1/messages/${hidden}/hide`)
    await withdraw(withdrawn)
    const { body } = await read((await open()).id)
    const of = (id: string) => body.items.find((one) => one.id === id)
    expect(of(hidden)).toMatchObject({ text: withCanary('read this'), hiddenBy: circle.teacher.id, hiddenAt: expect.any(String) })
    expect(of(withdrawn)).toMatchObject({ text: withCanary('read this'), withdrawnAt: expect.any(String), withdrawnAfterReaders: 0 })
  })

  test('reads a conversation whose people the roster no longer connects: history is for audit', async () => {
    const { id } = await open()
    await endEnrollment(database, circle.learningId)
    expect((await read(id)).body.items.length).toBeGreaterThan(0)
    expect(await search(id, `personId=${circle.student.id}`)).toContain(circle.channelId)
    await resumeEnrollment(database, circle.learningId)
  })

  test('every search, page and file is a row that the district sees, and one in the sealed log, committed before anything is shown', async () => {
    const { id } = await open()
    await search(id, `personId=${circle.student.id}&hasHidden=true`)
    const { body } = await read(id)
    await circle.auditor.call('GET', pathOf(id, `/attachments/${circle.attachmentId}/content`))
    const [downloaded, paged, searched] = await looksOf(id)
    expect(searched).toMatchObject({ act: 'search', channelId: null, filters: { personId: circle.student.id, hasHidden: true } })
    expect(paged).toMatchObject({ act: 'read', channelId: circle.channelId, itemCount: body.items.length })
    expect(downloaded).toMatchObject({ act: 'download', channelId: circle.channelId, attachmentId: circle.attachmentId })
    const { rows } = await database.superuser.query<{ action: string }>(
      `select action from audit_entries where target = $1 and action <> 'audit.open' order by id`,
      [id],
    )
    expect(rows.map(({ action }) => action)).toEqual(['audit.search', 'audit.read', 'audit.download'])
    const { rows: downloads } = await database.superuser.query(
      `select details from audit_entries where action = 'attachment.download' and actor = $1 and target = $2`,
      [circle.auditor.id, circle.attachmentId],
    )
    expect(downloads).toEqual([{ details: { auditId: id } }])
  })
})

describe('finding conversations', () => {
  test('by person, whoever of the three it is, and nothing of another district', async () => {
    const { id } = await open()
    const about = (
      await circle.teacher.call<{ id: string }>('POST', '/v1/channels', { studentId: circle.student.id, guardianId: circle.guardian.id })
    ).body.id
    expect(new Set(await search(id, `personId=${circle.student.id}`))).toEqual(new Set([circle.channelId, about]))
    expect(await search(id, `personId=${circle.guardian.id}`)).toEqual([about])
    expect(new Set(await search(id, `personId=${circle.teacher.id}`))).toEqual(new Set([circle.channelId, about]))
    expect(await search(id, `personId=${circles[2].student.id}`)).toEqual([])
    expect(await search(id, 'limit=100')).not.toContain(circles[2].channelId)
  })

  test('by section and school', async () => {
    const { id } = await open()
    const { rows } = await database.superuser.query<{ sectionId: string; schoolId: string }>(
      `select s.id as "sectionId", s.school_id as "schoolId" from enrollments e join sections s on s.district_id = e.district_id and s.id = e.section_id
       where e.id = $1`,
      [circle.learningId],
    )
    const { sectionId = '', schoolId = '' } = rows[0] ?? {}
    const found = await search(id, `sectionId=${sectionId}`)
    expect(found).toContain(circle.channelId)
    expect(found).not.toContain(circles[1].channelId)
    expect(await search(id, `schoolId=${schoolId}`)).toContain(circle.channelId)
    expect(await search(id, `schoolId=${crypto.randomUUID()}`)).toEqual([])
  })

  test('by time, by file, and by what was hidden; all that is asked must hold', async () => {
    const { id } = await open()
    const other = circles[1]
    expect(await search(id, 'from=2999-01-01T00:00:00Z')).toEqual([])
    expect(await search(id, 'until=2001-01-01T00:00:00Z')).toEqual([])
    expect(await search(id, 'from=2001-01-01T00:00:00Z&until=2999-01-01T00:00:00%2B02:00&limit=100')).toContain(circle.channelId)
    const withFile = await search(id, 'hasAttachment=true&limit=100')
    expect(withFile).toEqual(expect.arrayContaining([circle.channelId, other.channelId]))
    expect(await search(id, `hasHidden=true&personId=${other.student.id}`)).toEqual([])
    await other.teacher.call('POST', `/v1/messages/${other.messageId}/hide`)
    expect(await search(id, `hasHidden=true&personId=${other.student.id}`)).toEqual([other.channelId])
    expect(await search(id, `hasHidden=false&personId=${other.student.id}`)).toEqual([])
  })

  test('pages join without a gap', async () => {
    const { id } = await open()
    const whole = await search(id, 'limit=100')
    const paged: string[] = []
    for (let cursor: string | null = ''; cursor !== null;) {
      const from: string = cursor === '' ? '' : `&cursor=${cursor}`
      const { body }: { body: Page<{ id: string }> } = await circle.auditor.call('GET', pathOf(id, `/channels?limit=1${from}`))
      paged.push(...body.items.map((one) => one.id))
      cursor = body.nextCursor
    }
    expect(paged).toEqual(whole)
  })
})

const routes = (id: string) => [
  pathOf(id, '/channels'),
  pathOf(id, `/channels/${circle.channelId}/messages`),
  pathOf(id, `/attachments/${circle.attachmentId}/content`),
]

const statuses = (id: string, call = circle.auditor.call) => Promise.all(routes(id).map(async (path) => (await call('GET', path)).status))

describe('what an audit does not do', () => {
  test('it is its auditor’s alone, and over after its hours', async () => {
    const { id } = await open()
    expect(await statuses(id, circles[1].auditor.call)).toEqual([404, 404, 404])
    expect(await statuses(id)).toEqual([200, 200, 200])
    await database.superuser.query(`update audits set ends_at = now() where id = $1`, [id])
    const before = (await looksOf(id)).length
    expect(await statuses(id)).toEqual([404, 404, 404])
    expect(await looksOf(id)).toHaveLength(before)
  })

  test('it ends with the permission behind it, and rests while the brake holds the auditor', async () => {
    const { id } = await open()
    const held = `insert into suspensions (district_id, subject_id, sync_id, subject) values ($1, $2, $3, 'user')`
    await database.superuser.query(held, [circle.districtId, circle.auditor.id, circle.syncId])
    expect(await statuses(id)).toEqual([403, 403, 403])
    await database.superuser.query('delete from suspensions where subject_id = $1', [circle.auditor.id])
    expect(await statuses(id)).toEqual([200, 200, 200])
    const end = (ends: string | null) =>
      database.superuser.query('update grants set ends = $2 where user_id = $1', [circle.auditor.id, ends])
    await end('2001-01-01')
    expect(await statuses(id)).toEqual([403, 403, 403])
    await end(null)
  })

  test('it reaches no other district, no ticket that was not posted, and no file that is not clean', async () => {
    const { id } = await open()
    const foreign = circles[2]
    expect((await read(id, foreign.channelId)).status).toBe(404)
    const content = (attachmentId: string) => circle.auditor.call<Problem>('GET', pathOf(id, `/attachments/${attachmentId}/content`))
    expect((await content(foreign.attachmentId)).status).toBe(404)
    expect((await content(await createTicket(circle))).status).toBe(404)
    const bad = await createOpenFile(api, database, circle)
    await moveTo(database, bad, 'quarantined')
    expect(await content(bad)).toMatchObject({ status: 409, body: { code: 'state-conflict' } })
    const shown = (await read(id)).body.items.flatMap(({ attachments }) => attachments).find((one) => one.id === bad)
    expect(shown).toMatchObject({ state: 'removed', fileName: null })
  })

  test('reading as an auditor gives no part in the conversation', async () => {
    expect((await circle.auditor.call('GET', `/v1/channels/${circle.channelId}/messages`)).status).toBe(404)
    expect((await circle.auditor.call('POST', `/v1/channels/${circle.channelId}/messages`, { text: 'x' })).status).toBe(404)
    expect((await circle.auditor.call('GET', `/v1/attachments/${circle.attachmentId}/content`)).status).toBe(404)
  })
})
