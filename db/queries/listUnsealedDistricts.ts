import { sql } from 'kysely'
import type { Transaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'

/** Districts that have audit entries to seal. As the role `sweeper`. */
export const listUnsealedDistricts = async ({ db }: Transaction): Promise<string[]> => {
  const rows = await findRows(
    db,
    sql<{ districtId: string }>`
      select d.id as "districtId" from districts d
      where exists (select 1 from audit_entries e where e.district_id = d.id and e.batch_number is null)
      order by d.id`,
  )
  return rows.map(({ districtId }) => districtId)
}
