import { sql } from 'kysely'
import type { Transaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'

/** Ids of all districts, our own `operations` row included. As the role `sweeper`. */
export const listDistricts = async ({ db }: Transaction): Promise<string[]> => {
  const rows = await findRows(db, sql<{ id: string }>`select id from districts order by id`)
  return rows.map(({ id }) => id)
}
