import { sql } from 'kysely'
import type { Transaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'

export type NamedDistrict = { districtId: string; name: string; timeZone: string; rosterVersion: number; createdAt: Date }

/** Every district by its name. `rosterVersion` 0: no roster has come yet. As the role `sweeper`. */
export const listDistrictNames = ({ db }: Transaction): Promise<NamedDistrict[]> =>
  findRows(
    db,
    sql<NamedDistrict>`
      select id as "districtId", name, time_zone as "timeZone", roster_version::int as "rosterVersion", created_at as "createdAt"
      from districts where kind = 'district' order by lower(name), id`,
  )
