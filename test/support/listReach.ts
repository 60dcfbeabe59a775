import { sql } from 'kysely'
import { readDistrict, type Database } from '../../db/openDatabase.ts'
import { liveChannelsOf } from '../../db/queries/liveRelation.ts'
import { findRows } from '../../db/rows.ts'

/** Every channel that the roster allows today, as `teacher>participant about student`, by the district's ids. */
export const listReach = (app: Database, districtId: string): Promise<string[]> =>
  readDistrict(app, districtId, async ({ db }) => {
    const rows = await findRows(
      db,
      sql<{ channel: string }>`
        select t.sourced_id || '>' || p.sourced_id || ' about ' || s.sourced_id as channel
        from ${liveChannelsOf(districtId, () => sql<boolean>`true`)} live
        join users t on t.id = live.teacher_id join users p on p.id = live.participant_id join users s on s.id = live.student_id
        order by 1`,
    )
    return rows.map(({ channel }) => channel)
  })
