import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withDistrict } from '../../db/openDatabase.ts'
import type { Database } from '../../db/openDatabase.ts'
import { createTestDatabase } from '../support/database.ts'
import type { TestDatabase } from '../support/database.ts'
import { fillEveryTable } from './fillEveryTable.ts'
import { createSampleDistrict } from './roster.ts'
import type { SampleDistrict } from './roster.ts'

let test: TestDatabase
let app: Database
let here: SampleDistrict

beforeAll(async () => {
  test = await createTestDatabase()
  app = await test.open('app', 20)
  here = await createSampleDistrict(test.superuser)
  await fillEveryTable(test, app, here)
})
afterAll(() => test.close())

describe('the audit log', () => {
  it.each([
    'delete from audit_entries',
    'truncate audit_entries',
    `update audit_entries set action = 'nothing'`,
    'delete from audit_batches',
    `update audit_batches set entry_count = 1`,
  ])('refuses the application: %s', async (statement) => {
    await expect(withDistrict(app, here.districtId, ({ db }) => sql.raw(statement).execute(db))).rejects.toThrow('permission denied')
  })

  it.each([
    'delete from audit_entries',
    'truncate audit_entries cascade',
    `update audit_entries set action = 'nothing'`,
    'delete from audit_batches',
  ])('refuses the owner: %s', async (statement) => {
    const owner = await test.open('owner', 1)
    await expect(withDistrict(owner, here.districtId, ({ db }) => sql.raw(statement).execute(db))).rejects.toThrow(
      'the audit log only grows',
    )
    await owner.close()
  })
})
