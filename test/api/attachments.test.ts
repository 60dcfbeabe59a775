import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { connectTemporal } from '../../clients/temporalClient.ts'
import type { Problem } from '../../api/problem.ts'
import type { AttachmentView, OwnAttachmentView } from '../../api/schemas/attachmentSchema.ts'
import { attachmentStates } from '../../domain/attachment.ts'
import { scanAttachmentId } from '../../workflows/contract.ts'
import { createSampleDistrict } from '../db/roster.ts'
import { createCaller, type Caller } from '../support/callApi.ts'
import { withCanary } from '../support/canary.ts'
import { openRoom, type Room } from '../support/openRoom.ts'
import { moveTo, release } from '../support/placeFiles.ts'
import { signIn } from '../support/signIn.ts'
import { startApi } from '../support/startApi.ts'

type Created = { attachment: OwnAttachmentView; upload: { url: string; fields: Record<string, string>; expiresAt: string } }

let room: Room
let database: Room['database']
let api: Room['api']
let district: Room['district']
let teacher: Caller
let student: Caller
let stranger: Caller
let channelId: string

const content = () => Buffer.from(withCanary('a page of text'))
const create = (bytes = content().length) =>
  teacher<Created>('POST', `/v1/channels/${channelId}/attachments`, {
    fileName: `${withCanary('page')}.txt`,
    contentType: 'text/plain',
    bytes,
  })
const createId = async () => (await create()).body.attachment.id
const post = (attachmentIds: string[]) =>
  teacher<{ id: string }>('POST', `/v1/channels/${channelId}/messages`, { text: withCanary('see file'), attachmentIds })

beforeAll(async () => {
  room = await openRoom()
  ;({ database, api, district, teacher, student, stranger, channelId } = room)
})

afterAll(() => room?.close())

test('an id has one spelling, whatever case it came in: in the audit log, in the name of a run and in the outbox', async () => {
  const id = await createId()
  expect((await teacher('POST', `/v1/attachments/${id.toUpperCase()}/complete`)).status).toBe(202)
  const { rows } = await database.superuser.query(`select workflow_id, input from outbox where workflow_id ilike '%' || $1 || '%'`, [id])
  expect(rows).toMatchObject([{ workflow_id: scanAttachmentId(id, 1), input: { attachmentId: id } }])
  const content = Buffer.from(withCanary('seen'))
  await post([id])
  await release(api.deps, database, { districtId: district.districtId, attachmentId: id, bytes: content })
  expect((await student('GET', `/v1/attachments/${id.toUpperCase()}/content`)).status).toBe(200)
  expect((await teacher('DELETE', `/v1/attachments/${id.toUpperCase()}`)).status).toBe(204)
  const acts = await database.superuser.query('select action, target from audit_entries where target ilike $1 order by at', [id])
  expect(acts.rows).toContainEqual({ action: 'attachment.download', target: id })
  expect(new Set(acts.rows.map(({ target }) => target))).toEqual(new Set([id]))
})

describe('an upload', () => {
  test('goes straight to the store with the ticket, and its completion asks for the scan in the same commit', async () => {
    const { status, body, headers } = await create()
    expect(status).toBe(201)
    expect(headers.get('Location')).toBe(`/v1/attachments/${body.attachment.id}`)
    expect(body.attachment).toMatchObject({ viewer: 'uploader', state: 'awaiting-upload', verdict: null, messageId: null })

    const form = new FormData()
    for (const [name, value] of Object.entries(body.upload.fields)) form.set(name, value)
    form.set('file', new Blob([content()]))
    expect((await fetch(body.upload.url, { method: 'POST', body: form })).status).toBe(201)

    const completed = await teacher<OwnAttachmentView>('POST', `/v1/attachments/${body.attachment.id}/complete`)
    expect(completed).toMatchObject({ status: 202, body: { state: 'scanning' } })
    const workflowId = scanAttachmentId(body.attachment.id, 1)
    const { rows } = await database.superuser.query('select workflow_type, input, started_at from outbox where workflow_id = $1', [
      workflowId,
    ])
    expect(rows).toMatchObject([
      { workflow_type: 'scanAttachment', input: { attachmentId: body.attachment.id, attempt: 1, districtId: district.districtId } },
    ])
    expect(rows[0].started_at).not.toBeNull()
    const temporal = connectTemporal({ ...inject('stack').temporal, dataConverter: {} })
    expect((await temporal.workflow.getHandle(workflowId).describe()).type).toBe('scanAttachment')
    await temporal.workflow.getHandle(workflowId).terminate('test is over')
    await temporal.connection.close()
  })

  test('completed twice is completed once, and an ended ticket cannot be completed', async () => {
    const id = await createId()
    const complete = () => teacher<OwnAttachmentView>('POST', `/v1/attachments/${id}/complete`)
    expect(await complete()).toMatchObject({ status: 202, body: { state: 'scanning' } })
    expect(await complete()).toMatchObject({ status: 202, body: { state: 'scanning' } })
    const { rows } = await database.superuser.query('select count(*)::int as count from outbox where input->>$1 = $2', ['attachmentId', id])
    expect(rows[0]).toEqual({ count: 1 })
    const ended = await createId()
    await moveTo(database, ended, 'expired')
    expect(await teacher('POST', `/v1/attachments/${ended}/complete`)).toMatchObject({ status: 409, body: { code: 'state-conflict' } })
  })

  test('of a file that is larger than the district allows is refused before any byte', async () => {
    await database.superuser.query('update districts set upload_bytes_max = 100 where id = $1', [district.districtId])
    expect(await create(101)).toMatchObject({ status: 413, body: { code: 'file-too-large' } })
    expect((await teacher<{ bytesMax: number }>('GET', '/v1/upload-limits')).body.bytesMax).toBe(100)
    await database.superuser.query('update districts set upload_bytes_max = $2 where id = $1', [district.districtId, 50 * 1024 * 1024])
  })
})

describe('while Temporal is away', () => {
  test('the API keeps answering, and the start waits in the outbox for the relay', async () => {
    const lonely = await startApi(database, { temporalAddress: '127.0.0.1:1' })
    try {
      const caller = createCaller(lonely.url, (await signIn(api.deps.app, district.districtId, district.teacherId)).token)
      // Each process of a real set-up shares the keys; here each has its own, so the district is another one.
      const other = await createSampleDistrict(database.superuser)
      const token = (await signIn(api.deps.app, other.districtId, other.teacherId)).token
      const otherTeacher = createCaller(lonely.url, token)
      const channel = await otherTeacher<{ id: string }>('POST', '/v1/channels', { studentId: other.studentId })
      const created = await otherTeacher<Created>('POST', `/v1/channels/${channel.body.id}/attachments`, {
        fileName: `${withCanary('a')}.txt`,
        contentType: 'text/plain',
        bytes: 5,
      })
      const { id } = created.body.attachment
      expect(await otherTeacher('POST', `/v1/attachments/${id}/complete`)).toMatchObject({ status: 202, body: { state: 'scanning' } })
      const { rows } = await database.superuser.query('select started_at from outbox where workflow_id = $1', [scanAttachmentId(id, 1)])
      expect(rows).toEqual([{ started_at: null }])
      expect(lonely.logged()).toContain('start left to the relay')
      expect((await caller('GET', '/v1/me')).status).toBe(200)
      expect((await createCaller(lonely.url)('GET', '/readyz')).status).toBe(200)
    } finally {
      await lonely.close()
    }
  })
})

const list = async (query: string) =>
  (await teacher<{ items: AttachmentView[]; nextCursor: string | null }>('GET', `/v1/channels/${channelId}/attachments${query}`)).body

describe('who sees what', () => {
  test('before it is posted, only the uploader knows of it', async () => {
    const id = await createId()
    expect((await teacher('GET', `/v1/attachments/${id}`)).status).toBe(200)
    for (const caller of [student, stranger]) expect((await caller('GET', `/v1/attachments/${id}`)).status).toBe(404)
    const listed = await student<{ items: AttachmentView[] }>('GET', `/v1/channels/${channelId}/attachments`)
    expect(listed.body.items.map((item) => item.id)).not.toContain(id)
  })

  test('others see a posted file’s state, and its name only when it may be opened', async () => {
    const id = await createId()
    await post([id])
    const seen = async () => (await student<AttachmentView>('GET', `/v1/attachments/${id}`)).body
    const shown = { 'awaiting-upload': 'being-checked', scanning: 'being-checked', clean: 'available' } as Record<string, string>
    for (const state of attachmentStates) {
      await moveTo(database, id, state)
      const view = await seen()
      expect(view).toMatchObject({ viewer: 'audience', state: shown[state] ?? 'removed' })
      expect(view.fileName === null).toBe(state !== 'clean')
      expect(view).not.toHaveProperty('verdict')
      expect(view).not.toHaveProperty('refusalReason')
    }
    const inMessages = await student<{ items: { attachments: AttachmentView[] }[] }>('GET', `/v1/channels/${channelId}/messages`)
    expect(inMessages.body.items.at(-1)?.attachments).toMatchObject([{ id, viewer: 'audience', state: 'removed' }])
  })

  test('only the uploader completes and deletes: others who see it are told so, all others are told nothing', async () => {
    const id = await createId()
    await post([id])
    for (const [method, path] of [
      ['POST', `/v1/attachments/${id}/complete`],
      ['DELETE', `/v1/attachments/${id}`],
    ] as const) {
      expect(await student(method, path)).toMatchObject({ status: 403, body: { code: 'not-allowed' } })
      expect(await stranger(method, path)).toMatchObject({ status: 404, body: { code: 'not-found' } })
    }
  })

  test('pages of attachments join without a gap', async () => {
    for (let count = 0; count < 3; count += 1) await create()
    const whole = await list('?limit=100')
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page = await list(`?limit=2${cursor && `&cursor=${cursor}`}`)
      seen.push(...page.items.map((item) => item.id))
      cursor = page.nextCursor
    }
    expect(seen).toEqual(whole.items.map((item) => item.id))
    expect(new Set(seen).size).toBe(seen.length)
  })
})

describe('a file is taken back', () => {
  test('by its uploader, once, and nobody opens it from then on', async () => {
    const id = await createId()
    await post([id])
    expect((await teacher('DELETE', `/v1/attachments/${id}`)).status).toBe(204)
    expect((await teacher('DELETE', `/v1/attachments/${id}`)).status).toBe(204)
    expect((await student<AttachmentView>('GET', `/v1/attachments/${id}`)).body.state).toBe('removed')
    expect((await student<Problem>('GET', `/v1/attachments/${id}/content`)).body.code).toBe('state-conflict')
    const { rows } = await database.superuser.query(`select workflow_type from outbox where input->>'attachmentId' = $1`, [id])
    expect(rows).toEqual([{ workflow_type: 'removeAttachment' }])
  })

  test('but not when it was found infected: evidence stays', async () => {
    const id = await createId()
    await moveTo(database, id, 'quarantined')
    expect(await teacher('DELETE', `/v1/attachments/${id}`)).toMatchObject({ status: 409, body: { code: 'state-conflict' } })
  })
})

describe('a message with files', () => {
  test('is posted whole or not at all', async () => {
    const [good, posted] = [await createId(), await createId()]
    await post([posted])
    const foreign = '0192f0c1-2b3c-7d4e-8f50-61728394a5b6'
    for (const bad of [posted, foreign]) expect(await post([good, bad])).toMatchObject({ status: 409, body: { code: 'state-conflict' } })
    expect((await teacher<OwnAttachmentView>('GET', `/v1/attachments/${good}`)).body.messageId).toBeNull()
  })

  test('may carry ten, in the order they were named', async () => {
    const ids: string[] = []
    for (let count = 0; count < 10; count += 1) ids.push(await createId())
    const named = ids.toReversed()
    const { status, body } = await teacher<{ attachments: { id: string }[] }>('POST', `/v1/channels/${channelId}/messages`, {
      text: '',
      attachmentIds: named,
    })
    expect(status).toBe(201)
    expect(body.attachments.map(({ id }) => id)).toEqual(named)
  })

  test('cannot carry a file that another wrote, or one that ended', async () => {
    const theirs = await student<Created>('POST', `/v1/channels/${channelId}/attachments`, {
      fileName: 'a.txt',
      contentType: 'text/plain',
      bytes: 5,
    })
    expect((await post([theirs.body.attachment.id])).status).toBe(409)
    for (const state of ['quarantined', 'refused', 'expired', 'failed', 'deleted'] as const) {
      const id = await createId()
      await moveTo(database, id, state)
      expect((await post([id])).status).toBe(409)
    }
  })
})
