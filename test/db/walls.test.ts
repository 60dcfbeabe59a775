import { sql } from 'kysely'
import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { acrossDistricts, withDistrict } from '../../db/openDatabase.ts'
import type { Database } from '../../db/openDatabase.ts'
import { columnClasses } from '../../db/dataClasses.ts'
import { findRows } from '../../db/rows.ts'
import { createTestDatabase } from '../support/database.ts'
import type { TestDatabase } from '../support/database.ts'
import { createSampleDistrict } from './roster.ts'
import type { SampleDistrict } from './roster.ts'
import { fillEveryTable } from './fillEveryTable.ts'

let test: TestDatabase
let app: Database
let here: SampleDistrict
let there: SampleDistrict

beforeAll(async () => {
  test = await createTestDatabase()
  app = await test.open('app', 20)
  here = await createSampleDistrict(test.superuser)
  there = await createSampleDistrict(test.superuser)
})
afterAll(() => test.close())

const tables = Object.keys(columnClasses)
const districtColumn = (table: string): string => (table === 'districts' ? 'id' : 'district_id')

const districtsSeen = (database: Database, table: string, districtId: string | null): Promise<string[]> => {
  const look = async ({ db }: { db: Parameters<typeof findRows>[0] }): Promise<string[]> => {
    const rows = await findRows(db, sql<{ d: string }>`select distinct ${sql.ref(districtColumn(table))} as d from ${sql.table(table)}`)
    return rows.map(({ d }) => d)
  }
  return districtId === null ? acrossDistricts(database, look) : withDistrict(database, districtId, look)
}

describe('the wall between districts', () => {
  beforeAll(async () => {
    await fillEveryTable(test, app, here)
    await fillEveryTable(test, app, there)
  })

  it.each(tables)('shows the application nothing of %s when no district is named', async (table) => {
    expect(await districtsSeen(app, table, null)).toEqual([])
  })

  it.each(tables)('shows the application only the named district’s rows of %s', async (table) => {
    expect(await districtsSeen(app, table, here.districtId)).toEqual([here.districtId])
  })

  it.each(tables)('stands for the owner of %s too', async (table) => {
    const owner = await test.open('owner', 1)
    expect(await districtsSeen(owner, table, null)).toEqual([])
    await owner.close()
  })

  it('gives nothing for an id that is no district', async () => {
    expect(await districtsSeen(app, 'users', newId())).toEqual([])
  })

  it('refuses to write a row of another district', async () => {
    const insert = withDistrict(app, here.districtId, ({ db }) =>
      sql`insert into schools (district_id, id, sourced_id, name) values (${there.districtId}, ${newId()}, 'x', 'x')`.execute(db),
    )
    await expect(insert).rejects.toThrow('row-level security')
  })

  it('changes no row of another district, even when a query forgets to name one', async () => {
    await withDistrict(app, here.districtId, ({ db }) => sql`update districts set roster_version = 77`.execute(db))
    const { rows } = await test.superuser.query(`select id from districts where roster_version = 77`)
    expect(rows).toEqual([{ id: here.districtId }])
  })

  it('refuses a foreign key into another district, although such checks bypass row-level security', async () => {
    const insert = withDistrict(app, here.districtId, ({ db }) =>
      sql`insert into enrollments (district_id, id, sourced_id, user_id, section_id, role, begins, since_version)
          values (${here.districtId}, ${newId()}, 'x', ${there.teacherId}, ${here.sectionId}, 'teacher', now(), 1)`.execute(db),
    )
    await expect(insert).rejects.toThrow('foreign key')
  })

  it('holds for 2,000 simultaneous reads through one pool of connections', async () => {
    const reads = Array.from({ length: 2_000 }, async (_, index) => {
      const district = index % 2 ? here : there
      return (await districtsSeen(app, 'users', district.districtId)).join() === district.districtId
    })
    expect((await Promise.all(reads)).every(Boolean)).toBe(true)
  })

  it('forgets the district when the transaction ends, committed or rolled back', async () => {
    const single = await test.open('app', 1)
    expect(await districtsSeen(single, 'districts', here.districtId)).toEqual([here.districtId])
    await withDistrict(single, here.districtId, () => Promise.reject(new Error('stop'))).catch(() => undefined)
    expect(await districtsSeen(single, 'users', null)).toEqual([])
  })

  it('lets nobody name a district that is not a uuid', async () => {
    await expect(districtsSeen(app, 'users', `' or true --`)).rejects.toThrow('invalid input syntax for type uuid')
  })
})

it('begins no transaction inside another, which would run on its connection and as its role', async () => {
  const auth = await test.open('auth', 1)
  await expect(withDistrict(app, here.districtId, () => acrossDistricts(auth, () => Promise.resolve('seen')))).rejects.toThrow(
    'is open here',
  )
  await expect(
    withDistrict(app, here.districtId, () => withDistrict(app, there.districtId, () => Promise.resolve('seen'))),
  ).rejects.toThrow('is open here')
})
