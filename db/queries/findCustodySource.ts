import { sql } from 'kysely'
import type { CustodySource } from '../../domain/roster/custody.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { getRow } from '../rows.ts'

/** Where the district's systems tell of custody, and by which words; null when nothing does. */
export const findCustodySource = async ({ db, districtId }: DistrictTransaction): Promise<CustodySource | null> => {
  const { column, permitted, denied } = await getRow(
    db,
    sql<{ column: CustodySource['column'] | null; permitted: string[]; denied: string[] }>`
      select custody_column as "column", to_json(custody_permitted) as permitted, to_json(custody_denied) as denied from districts where id = ${districtId}`,
  )
  return column === null ? null : { column, permitted, denied }
}
