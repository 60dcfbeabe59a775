import { afterAll, beforeAll, expect, test } from 'vitest'
import { createClient } from '../../api/client.ts'
import { readDistrict } from '../../db/openDatabase.ts'
import { findUserId } from '../../db/queries/findUserId.ts'
import { listRecipients } from '../../db/queries/listRecipients.ts'
import { openSampleDistricts, type OpenDistrict } from '../../demo/district/openSampleDistricts.ts'
import type { Place } from '../../demo/district/place.ts'
import type { RosterRows } from '../../demo/roster/rosterRows.ts'
import { toSampleDay } from '../../demo/sampleRoster.ts'
import { createAttachmentWorld, type AttachmentWorld } from '../support/attachmentWorld.ts'
import { present } from '../support/present.ts'
import { testRosterPace } from '../support/rosterActs.ts'
import { startApiProcess, type ApiProcess } from '../support/startApiProcess.ts'

const today = toSampleDay(new Date())

let world: AttachmentWorld
let api: ApiProcess
let place: Place
/** By our ids. */
let sourcedIds: Map<string, string>
let districts: { sample: OpenDistrict; neighbour: OpenDistrict }

beforeAll(async () => {
  world = await createAttachmentWorld({ rosterPace: testRosterPace })
  api = startApiProcess(world)
  await world.startWorkers()
  const { owner, sweeper, app } = world.database.urls
  place = {
    databases: { owner, sweeper, app },
    keyFolder: world.environment['KEY_FILE'] ?? '',
    apiUrl: await api.url,
    storeUrl: null,
  }
  districts = await openSampleDistricts(place)
  const { rows } = await world.database.superuser.query<{ id: string; sourced_id: string }>('select id, sourced_id from users')
  sourcedIds = new Map(rows.map((row) => [row.id, row.sourced_id]))
  // Three commands of their own processes, an API, a worker and two syncs: much for a machine that has other things to do.
}, 400_000)
afterAll(async () => {
  await api?.kill('SIGKILL')
  await world?.close()
})

/** The rule in other words than the database's: sections of a running term in common, and guardians with confirmed custody. */
const listByHand = (rows: RosterRows, teacherId: string): Set<string> => {
  const running = new Set(rows.terms.filter((term) => term.begins <= today && today < term.ends).map((term) => term.id))
  const live = new Set(rows.sections.filter((section) => section.termIds.some((id) => running.has(id))).map((section) => section.id))
  const sectionsOf = (role: string, userId?: string) =>
    rows.enrollments.filter((one) => one.role === role && live.has(one.sectionId) && (userId === undefined || one.userId === userId))
  const taught = new Set(sectionsOf('teacher', teacherId).map((one) => one.sectionId))
  const students = new Set(sectionsOf('student').flatMap((one) => (taught.has(one.sectionId) ? [one.userId] : [])))
  const guardians = rows.guardianships.filter((link) => link.custody === 'permitted' && students.has(link.studentId))
  const theirs = new Map(rows.users.map(({ id, sourcedId }) => [id, sourcedId]))
  const pairs = [...[...students].map((id) => [id, id] as const), ...guardians.map((link) => [link.guardianId, link.studentId] as const)]
  return new Set(pairs.map((pair) => pair.map((id) => theirs.get(id)).join(' ')))
}

/** Every pair that the database lists for a teacher, in the district's own ids. */
const listByDatabase = ({ districtId }: OpenDistrict, teacherSourcedId: string): Promise<Set<string>> =>
  readDistrict(world.adapters.app, districtId, async (tx) => {
    const found = await listRecipients(tx, { teacherId: present(await findUserId(tx, teacherSourcedId)), limit: 10_000 })
    return new Set(found.map((pair) => [pair.participantId, pair.studentId].map((id) => sourcedIds.get(id)).join(' ')))
  })

const teachersOf = ({ rows }: OpenDistrict) => rows.users.filter((user) => user.role === 'teacher')

test('every teacher of both sample districts may write to exactly their students of running terms and those students’ confirmed guardians', async () => {
  for (const district of Object.values(districts)) {
    for (const teacher of teachersOf(district)) {
      const byHand = listByHand(district.rows, teacher.id)
      expect(byHand.size).toBeGreaterThan(0)
      expect(await listByDatabase(district, teacher.sourcedId)).toEqual(byHand)
    }
  }
})

test('nobody of one sample district is anybody of the other', async () => {
  const token = await districts.sample.signIn(present(teachersOf(districts.sample)[0]).sourcedId)
  const answer = await createClient(place.apiUrl, token).v1.access.explain.$get({
    query: { actor: present(districts.neighbour.people.teacher).id, target: present(districts.neighbour.people.student).id },
  })
  expect(answer.status).toBe(404)
})

test('opened again they are the same districts with the same people, their machines have new secrets, and the same feed changes nothing', async () => {
  const again = await openSampleDistricts(place)
  for (const [one, other] of [
    [districts.sample, again.sample],
    [districts.neighbour, again.neighbour],
  ] as const) {
    expect([other.districtId, other.people, other.credentials.clientId]).toEqual([one.districtId, one.people, one.credentials.clientId])
    expect(other.credentials.clientSecret).not.toBe(one.credentials.clientSecret)
    const { rows } = await world.database.superuser.query('select state from roster_syncs where district_id = $1 order by created_at', [
      one.districtId,
    ])
    expect(rows).toEqual([{ state: 'applied' }, { state: 'unchanged' }])
  }
})
