import type { z } from '@hono/zod-openapi'
import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createRecordScope } from '../../activities/roster/recordScope.ts'
import type {
  auditedAnnouncementSchema,
  foundAnnouncementPageSchema,
  scopeCheckSchema,
} from '../../api/schemas/auditedAnnouncementSchema.ts'
import { merkleRoot } from '../../crypto/merkleTree.ts'
import { addEnrollment, addUser } from '../db/roster.ts'
import { createAnnouncement, createCircles, type Circle } from '../support/circles.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { withCanary } from '../support/canary.ts'
import { endEnrollment } from '../support/endRelation.ts'
import { startApi, type RunningApi } from '../support/startApi.ts'

type Check = z.infer<typeof scopeCheckSchema>

let database: TestDatabase
let api: RunningApi
let circle: Circle
let other: Circle
let record: ReturnType<typeof createRecordScope>

beforeAll(async () => {
  database = await createTestDatabase()
  api = await startApi(database)
  ;[circle, , other] = await createCircles(api, database)
  record = createRecordScope({ app: api.deps.app })
})
afterAll(async () => {
  await api?.close()
  await database?.close()
})
beforeEach(() => database.superuser.query('update districts set roster_version = 1 where id = $1', [circle.districtId]))

const pathOf = (id: string, of = circle): string => `/v1/districts/${of.districtId}/audits/${of.auditId}/announcements/${id}`
const check = async (id: string): Promise<Check> => (await circle.auditor.call<Check>('GET', `${pathOf(id)}/scope`)).body
const recorded = async (): Promise<string> => {
  const announcementId = await createAnnouncement(circle)
  await record({ districtId: circle.districtId, announcementId })
  return announcementId
}

test('the post asks for its receipt in its own transaction, and the receipt is the root over those who could see it', async () => {
  const announcementId = await createAnnouncement(circle)
  const { rows } = await database.superuser.query(
    `select workflow_id, input from outbox where input ->> $1 = $2 and workflow_type = 'writeScopeReceipt'`,
    ['announcementId', announcementId],
  )
  const { districtId } = circle
  expect(rows).toEqual([{ workflow_id: `write-scope-receipt:${districtId}:${announcementId}`, input: { districtId, announcementId } }])
  expect(await check(announcementId)).toMatchObject({ receipt: null, isSame: null })
  expect(await record({ districtId: circle.districtId, announcementId })).toEqual({ recipients: 2 })
  const ids = [circle.student.id, circle.guardian.id].toSorted()
  expect(await check(announcementId)).toMatchObject({
    rosterVersion: 1,
    receipt: { count: 2, root: merkleRoot(ids.map((id) => Buffer.from(id))).toString('hex') },
    recipientIds: ids,
    isSame: true,
  })
})

test('whoever comes and goes afterwards changes nothing about it: it is of the roster by which it was posted', async () => {
  const announcementId = await recorded()
  const { receipt } = await check(announcementId)
  const late = newId()
  await addUser(database.superuser, circle.districtId, late, 'student')
  await addEnrollment(database.superuser, circle.districtId, { id: newId(), userId: late, sectionId: circle.sectionId, role: 'student' })
  await database.superuser.query('update enrollments set since_version = 2 where user_id = $1', [late])
  await endEnrollment(database, circle.learningId)
  await database.superuser.query('update districts set roster_version = 2 where id = $1', [circle.districtId])
  expect(await check(announcementId)).toMatchObject({ receipt, isSame: true })
  // A new one is of the roster as it is now: the one who came, and nobody for the one who left.
  const next = await recorded()
  expect(await check(next)).toMatchObject({ rosterVersion: 2, recipientIds: [late], isSame: true })
  await database.superuser.query('delete from enrollments where user_id = $1', [late])
  await database.superuser.query('update enrollments set until_version = null where id = $1', [circle.learningId])
})

test('one recipient more than there were, or one less, and the receipt is not the same', async () => {
  const announcementId = await recorded()
  expect(await check(announcementId)).toMatchObject({ isSame: true })
  const [smuggled, enrollmentId] = [newId(), newId()]
  await addUser(database.superuser, circle.districtId, smuggled, 'student')
  await addEnrollment(database.superuser, circle.districtId, {
    id: enrollmentId,
    userId: smuggled,
    sectionId: circle.sectionId,
    role: 'student',
  })
  expect(await check(announcementId)).toMatchObject({ receipt: { count: 2 }, isSame: false })
  await database.superuser.query('delete from enrollments where id = $1', [enrollmentId])
  expect(await check(announcementId)).toMatchObject({ isSame: true })
  // Another in the place of one: as many, and not the same.
  await database.superuser.query('update enrollments set user_id = $2 where id = $1', [circle.learningId, smuggled])
  expect(await check(announcementId)).toMatchObject({ isSame: false })
  await database.superuser.query('update enrollments set user_id = $2 where id = $1', [circle.learningId, circle.student.id])
})

test('it is written once, and stands in the sealed log', async () => {
  const announcementId = await createAnnouncement(circle)
  const ref = { districtId: circle.districtId, announcementId }
  expect(await Promise.all([record(ref), record(ref), record(ref)])).toEqual([{ recipients: 2 }, { recipients: 2 }, { recipients: 2 }])
  const { rows } = await database.superuser.query('select details from audit_entries where action = $1 and target = $2', [
    'announcement.receipt',
    announcementId,
  ])
  const { receipt } = await check(announcementId)
  expect(rows).toEqual([{ details: { recipients: 2, root: receipt?.root, rosterVersion: 1 } }])
})

test('an auditor finds announcements and reads them, hidden and withdrawn too, and each look is a row', async () => {
  const announcementId = await createAnnouncement(circle)
  await circle.teacher.call('POST', `/v1/announcements/${announcementId}/hide`)
  const find = async (query: string) => {
    const { body } = await circle.auditor.call<z.infer<typeof foundAnnouncementPageSchema>>(
      'GET',
      `/v1/districts/${circle.districtId}/audits/${circle.auditId}/announcements?${query}`,
    )
    return body.items.map(({ id }) => id)
  }
  expect(await find(`authorId=${circle.teacher.id}&isHidden=true`)).toEqual([announcementId])
  expect(await find(`sectionId=${circle.sectionId}&isHidden=false&limit=1`)).not.toContain(announcementId)
  expect(await find(`sectionId=${circle.sectionId}&hasAttachment=true`)).toEqual([])
  expect(await find('until=2020-01-01T00:00:00Z')).toEqual([])
  await circle.teacher.call('POST', `/v1/announcements/${announcementId}/unhide`)
  await circle.teacher.call('POST', `/v1/announcements/${announcementId}/withdraw`)
  const read = await circle.auditor.call<z.infer<typeof auditedAnnouncementSchema>>('GET', pathOf(announcementId))
  expect(read).toMatchObject({ status: 200, body: { text: withCanary('hear this'), withdrawnAfterReaders: 0 } })
  const views = await circle.administrator.call<{ items: { act: string; announcementId: string | null }[] }>(
    'GET',
    `/v1/districts/${circle.districtId}/audits/${circle.auditId}/views?limit=1`,
  )
  expect(views.body.items).toMatchObject([{ act: 'read', announcementId }])
  // Not under another district's audit.
  expect((await other.auditor.call('GET', pathOf(announcementId, other))).status).toBe(404)
})
