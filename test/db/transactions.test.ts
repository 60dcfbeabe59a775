import { sql } from 'kysely'
import { v7 as newId } from 'uuid'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { acrossDistricts, readDistrict, withDistrict, type Database, type DistrictTransaction } from '../../db/openDatabase.ts'
import { findRows } from '../../db/rows.ts'
import { runTransaction } from '../../db/runTransaction.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createSampleDistrict, type SampleDistrict } from './roster.ts'

let test: TestDatabase
let app: Database
let district: SampleDistrict

beforeAll(async () => {
  test = await createTestDatabase()
  // One connection: whatever a transaction leaves behind, the next one finds.
  app = await test.open('app', 1)
  district = await createSampleDistrict(test.superuser)
})
afterAll(() => test.close())

const addSchool = ({ db, districtId }: Pick<DistrictTransaction, 'db' | 'districtId'>, name: string): Promise<unknown> =>
  sql`insert into schools (district_id, id, sourced_id, name) values (${districtId}, ${newId()}, ${name}, ${name})`.execute(db)

const countSchools = async (name: string): Promise<number> =>
  (await test.superuser.query('select 1 from schools where name = $1', [name])).rowCount ?? 0

it('commits what is done, and only when all of it is', async () => {
  await withDistrict(app, district.districtId, (tx) => addSchool(tx, 'kept'))
  await expect(
    withDistrict(app, district.districtId, async (tx) => {
      await addSchool(tx, 'lost')
      throw new Error('changed my mind')
    }),
  ).rejects.toThrow('changed my mind')
  expect([await countSchools('kept'), await countSchools('lost')]).toEqual([1, 0])
})

it('runs nothing of a transaction that could not begin: not without its settings, and not by itself', async () => {
  const { districtId } = district
  const opening = `start transaction; select set_config('app.district_id', '${districtId}', true), 1 / 0`
  const begun = runTransaction(app.kysely, { opening, isReadOnly: false }, (db) => addSchool({ db, districtId }, 'unbegun'))
  await expect(begun).rejects.toThrow()
  expect(await countSchools('unbegun')).toBe(0)
  await withDistrict(app, districtId, (tx) => addSchool(tx, 'after a failure'))
  expect(await countSchools('after a failure')).toBe(1)
})

it('fails when it could not begin, though nothing was asked of it', async () => {
  const opening = 'start transaction; select 1 / 0'
  await expect(runTransaction(app.kysely, { opening, isReadOnly: true }, () => Promise.resolve('done'))).rejects.toThrow('division by zero')
})

it('rolls back what was sent together with a statement that fails, whichever of them is looked at', async () => {
  const together = withDistrict(app, district.districtId, async (tx) => {
    const [, failed] = await Promise.allSettled([addSchool(tx, 'together'), sql`select 1 / 0`.execute(tx.db), addSchool(tx, 'together')])
    if (failed.status === 'rejected') throw failed.reason
  })
  await expect(together).rejects.toThrow('division by zero')
  expect(await countSchools('together')).toBe(0)
})

it('answers statements that are sent together each with its own rows', async () => {
  const numbers = Array.from({ length: 50 }, (_, n) => n)
  const answers = await readDistrict(app, district.districtId, ({ db }) =>
    Promise.all(numbers.map((n) => findRows(db, sql<{ n: number }>`select ${n}::int as n, pg_sleep(0)`))),
  )
  expect(answers.map(([row]) => row?.n)).toEqual(numbers)
})

it('shows a district to the transaction that named it and to no later one of the connection', async () => {
  const seen = () => acrossDistricts(app, ({ db }) => findRows(db, sql`select id from schools`))
  await readDistrict(app, district.districtId, ({ db }) => findRows(db, sql`select id from schools`))
  expect(await seen()).toEqual([])
  await withDistrict(app, district.districtId, () => Promise.reject(new Error('stop'))).catch(() => undefined)
  expect(await seen()).toEqual([])
})

it('writes nothing where it only reads', async () => {
  await expect(readDistrict(app, district.districtId, (tx) => addSchool(tx, 'read'))).rejects.toThrow('read-only transaction')
})
