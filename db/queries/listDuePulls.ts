import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { Transaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'

/**
 * Of a row of `roster_pulls`: whether it is time for its next attempt. A run that has been at it for half a day is lost, since no pull may take as long:
 * the next attempt takes over.
 */
export const isPullDue: RawBuilder<boolean> = sql<boolean>`
  (not is_paused and (
    (state = 'waiting' and (started_at is null or started_at + make_interval(hours => every_hours) <= statement_timestamp()))
    or (state = 'pulling' and started_at < statement_timestamp() - interval '12 hours')))`

/** Pulls whose time has come, page by page in the order of their ids. As the role `sweeper`. */
export const listDuePulls = (
  { db }: Transaction,
  { after, limit }: { after: string | null; limit: number },
): Promise<{ districtId: string; pullId: string }[]> =>
  findRows(
    db,
    sql<{ districtId: string; pullId: string }>`
      select district_id as "districtId", id as "pullId" from roster_pulls
      where ${isPullDue} and (${after}::uuid is null or id > ${after}::uuid)
      order by id limit ${limit}`,
  )
