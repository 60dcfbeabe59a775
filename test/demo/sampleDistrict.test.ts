import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openLocalKeyService } from '../../clients/localKeyFile.ts'
import { createDistrictKeys } from '../../db/districtKeys.ts'
import { readDistrict, type Database } from '../../db/openDatabase.ts'
import { listRecipients } from '../../db/queries/listRecipients.ts'
import type { RosterRows } from '../../db/rosterRows.ts'
import { countRows, loadSampleDistricts, type SampleDistricts } from '../../demo/seedSampleDistricts.ts'
import { toSampleDay } from '../../demo/sampleRoster.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

const today = toSampleDay(new Date())

let world: { folder: string; database: TestDatabase; app: Database; load: () => Promise<SampleDistricts>; loaded: SampleDistricts }

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hallpass-sample-'))
  const database = await createTestDatabase()
  const app = await database.open('app')
  const districtKeys = createDistrictKeys({ database: app, keyService: await openLocalKeyService(folder) })
  const load = (): Promise<SampleDistricts> => loadSampleDistricts({ database: app, districtKeys }, today)
  const loaded = await load()
  await countRows(database.urls.owner)
  world = { folder, database, app, load, loaded }
})
afterAll(async () => {
  await world.database.close()
  await rm(world.folder, { recursive: true })
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
  return new Set([...[...students].map((id) => `${id} ${id}`), ...guardians.map((link) => `${link.guardianId} ${link.studentId}`)])
}

const listByDatabase = async (rows: RosterRows, teacherId: string): Promise<Set<string>> => {
  const found = await readDistrict(world.app, rows.district.id, (tx) => listRecipients(tx, { teacherId, limit: 10_000 }))
  return new Set(found.map(({ participantId, studentId }) => `${participantId} ${studentId}`))
}

const teachersOf = (rows: RosterRows): string[] => rows.users.filter((user) => user.role === 'teacher').map((user) => user.id)

test('every teacher of both sample districts may write to exactly their students of running terms and those students’ confirmed guardians', async () => {
  for (const rows of [world.loaded.sample, world.loaded.neighbour]) {
    for (const teacherId of teachersOf(rows)) {
      const byHand = listByHand(rows, teacherId)
      expect(byHand.size).toBeGreaterThan(0)
      expect(await listByDatabase(rows, teacherId)).toEqual(byHand)
    }
  }
})

test('a teacher of one district finds nobody under the name of the other', async () => {
  const [teacherId = ''] = teachersOf(world.loaded.sample)
  expect(await listByDatabase(world.loaded.neighbour, teacherId)).toEqual(new Set())
})

test('loading the sample districts again changes nothing', async () => {
  const count = async (): Promise<unknown> =>
    (
      await world.database.superuser.query(
        'select (select count(*) from users) as users, (select count(*) from enrollments) as enrollments',
      )
    ).rows
  const before = await count()
  expect((await world.load()).isNew).toBe(false)
  expect(await count()).toEqual(before)
})
