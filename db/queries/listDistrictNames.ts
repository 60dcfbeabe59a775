import { sql } from 'kysely'
import type { Transaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'

/** How the fetching of a district's roster stands. */
type PullStanding = {
  state: 'waiting' | 'pulling'
  isPaused: boolean
  everyHours: number
  outcome: 'queued' | 'failed' | null
  faultCode: string | null
}

export type NamedDistrict = {
  districtId: string
  name: string
  timeZone: string
  rosterVersion: number
  createdAt: string
  pull: PullStanding | null
}

/** Every district by its name. `rosterVersion` 0: no roster has come yet; `pull` null: none is fetched. As the role `sweeper`. */
export const listDistrictNames = ({ db }: Transaction): Promise<NamedDistrict[]> =>
  findRows(
    db,
    sql<NamedDistrict>`
      select d.id as "districtId", d.name, d.time_zone as "timeZone", d.roster_version::int as "rosterVersion", d.created_at as "createdAt",
        case when p.id is not null then json_build_object('state', p.state, 'isPaused', p.is_paused, 'everyHours', p.every_hours,
          'outcome', p.outcome, 'faultCode', p.fault_code) end as pull
      from districts d left join roster_pulls p on p.district_id = d.id
      where d.kind = 'district' order by lower(d.name), d.id`,
  )
