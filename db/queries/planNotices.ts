import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'
import { isNews } from './isNews.ts'

type Ref = { userId: string; batch: number }

/** How soon after the first notice somebody is told, how soon again, and how long is waited when nothing can be sent. Milliseconds. */
export type NoticePace = { firstAfterMs: number; againAfterMs: number; awayWaitMs: number }

/** How it stands with an open batch. `waitMs`: until when nobody is told, for the pace and for quiet hours. */
export type NoticePlan = { noticed: number; told: number; pending: number; waitMs: number }

/** Notices of a batch that no notification has told of, but perhaps the one that was begun and not finished. */
export const isUntold = (alias: string, told: RawBuilder<unknown>): RawBuilder<boolean> =>
  sql`(${sql.ref(alias)}.told_in is null or ${sql.ref(alias)}.told_in > ${told})`

/**
 * When the quiet hours that hold now end, in the district's time zone; null when none do. `quiet` has `quiet_from` and `quiet_until`, `local` the time there as
 * `at` and its minutes of the day as `minutes`.
 */
const quietEnd = sql`case
  when quiet.quiet_from < quiet.quiet_until and local.minutes >= quiet.quiet_from and local.minutes < quiet.quiet_until
    or quiet.quiet_from > quiet.quiet_until and local.minutes < quiet.quiet_until
    then (date_trunc('day', local.at) + make_interval(mins => quiet.quiet_until)) at time zone d.time_zone
  when quiet.quiet_from > quiet.quiet_until and local.minutes >= quiet.quiet_from
    then (date_trunc('day', local.at) + interval '1 day' + make_interval(mins => quiet.quiet_until)) at time zone d.time_zone end`

/** Null when the batch is closed, or another has followed it. */
export const findNoticePlan = (
  { db, districtId }: DistrictTransaction,
  { userId, batch }: Ref,
  { firstAfterMs, againAfterMs }: Pick<NoticePace, 'firstAfterMs' | 'againAfterMs'>,
): Promise<NoticePlan | null> =>
  findRow(
    db,
    sql<NoticePlan>`
      select b.noticed, b.told,
        (select count(*)::int from notices n
          where n.district_id = ${districtId} and n.user_id = b.user_id and n.batch = b.batch and ${isUntold('n', sql`b.told`)}
            and ${isNews(districtId, 'n', userId)}) as pending,
        greatest(0, ceil(extract(epoch from greatest(
          b.opened_at + make_interval(secs => ${firstAfterMs / 1_000}::float8),
          b.told_at + make_interval(secs => ${againAfterMs / 1_000}::float8),
          ${quietEnd}) - statement_timestamp()) * 1000))::float8 as "waitMs"
      from notice_batches b
      join districts d on d.id = b.district_id
      left join notice_settings s on s.district_id = b.district_id and s.user_id = b.user_id
      cross join lateral (select coalesce(s.quiet_from, d.quiet_from) as quiet_from, coalesce(s.quiet_until, d.quiet_until) as quiet_until) quiet
      cross join lateral (select statement_timestamp() at time zone d.time_zone as at,
        extract(hour from statement_timestamp() at time zone d.time_zone)::int * 60
          + extract(minute from statement_timestamp() at time zone d.time_zone)::int as minutes) local
      where b.district_id = ${districtId} and b.user_id = ${userId} and b.batch = ${batch} and b.is_open`,
  )

/** Writes down that the batch's run looks again in so many milliseconds at the latest: one that did not has lost its run. */
export const markBatchDue = async (
  { db, districtId }: DistrictTransaction,
  { userId, batch, inMs }: Ref & { inMs: number },
): Promise<void> => {
  await sql`
    update notice_batches b set due_at = statement_timestamp() + make_interval(secs => ${inMs / 1_000}::float8)
    where b.district_id = ${districtId} and b.user_id = ${userId} and b.batch = ${batch} and b.is_open`.execute(db)
}

/** Closes a batch if it has `noticed` notices and no more: whoever comes later opens the next one. Answers whether it did. */
export const closeNoticeBatch = async (
  { db, districtId }: DistrictTransaction,
  { userId, batch, noticed }: Ref & { noticed: number },
): Promise<boolean> => {
  const { numAffectedRows } = await sql`
    update notice_batches b set is_open = false
    where b.district_id = ${districtId} and b.user_id = ${userId} and b.batch = ${batch} and b.is_open and b.noticed = ${noticed}`.execute(
    db,
  )
  return numAffectedRows === 1n
}
