import { sql } from 'kysely'
import type { Transaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'

/** Files that were withdrawn for one signature. `files`: the first ones, by the time of their withdrawal. */
export type WithdrawnFiles = { count: number; files: { districtId: string; attachmentId: string }[] }

/** Files that were withdrawn for this signature within the last day, in whichever district: counted, and the first `limit` of them. As the role `sweeper`. */
export const listWithdrawn = async ({ db }: Transaction, signature: string, limit: number): Promise<WithdrawnFiles> => {
  const row = await findRow(
    db,
    sql<WithdrawnFiles>`
      with withdrawn as (
        select district_id, id, ended_at from attachments
        where state = 'quarantined' and ended_at > statement_timestamp() - interval '1 day' and withdrawn_by is not null and signature = ${signature}),
      earliest as (select * from withdrawn order by ended_at, id limit ${limit})
      select (select count(*)::int from withdrawn) as count,
        (select coalesce(json_agg(json_build_object('districtId', district_id, 'attachmentId', id) order by ended_at, id), '[]') from earliest) as files`,
  )
  return row ?? { count: 0, files: [] }
}
