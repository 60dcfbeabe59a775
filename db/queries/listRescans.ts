import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { Transaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'

/** How far a walk has come, newest first. `createdAt` is a time as Postgres writes it. */
export type RescanMark = { createdAt: string; attachmentId: string }

/** A clean file to look at again, and how many bytes that reads. */
export type RescanCandidate = RescanMark & { districtId: string; bytes: number }

export type RescanPage = {
  due: RescanCandidate[]
  /** Of the last file that was looked at, due or not; null when there are no more. */
  last: RescanMark | null
}

/**
 * Looks at `limit` clean files of the last `days`, newest first and from behind a mark on, and answers those that are due: an older database than
 * this one looked at them last (as `isOlderDatabase` says), this one has not tried them, and nothing did within `restSeconds`. What is known as bad
 * is due whatever looked at it, and when: one look by index for each file (`exists` would read all hashes at once). As the role `sweeper`.
 */
export const listRescans = async (
  { db }: Transaction,
  page: { databaseVersion: string; days: number; restSeconds: number; before: RescanMark | null; limit: number },
): Promise<RescanPage> => {
  const row = await findRow(
    db,
    sql<RescanPage>`
      with page as (
        select district_id, id, created_at, coalesce(clean_bytes, 0) as bytes,
          (${isDue(page)} or (select true from bad_hashes b where b.sha256 = a.sha256 limit 1) is not null) as is_due
        from attachments a
        where state = 'clean' and created_at >= statement_timestamp() - make_interval(days => ${page.days}::int)
          ${page.before === null ? sql`` : sql`and (created_at, id) < (${page.before.createdAt}::timestamptz, ${page.before.attachmentId}::uuid)`}
        order by created_at desc, id desc limit ${page.limit})
      select
        (select coalesce(json_agg(json_build_object('districtId', district_id, 'attachmentId', id, 'createdAt', created_at::text, 'bytes', bytes)
          order by created_at desc, id desc), '[]') from page where is_due) as due,
        (select json_build_object('createdAt', created_at::text, 'attachmentId', id) from page order by created_at, id limit 1) as last`,
  )
  return row ?? { due: [], last: null }
}

/** Over `attachments a`. */
const isDue = ({ databaseVersion, restSeconds }: { databaseVersion: string; restSeconds: number }): RawBuilder<boolean> => sql`
  (a.rescan_version is distinct from ${databaseVersion}::text
    and (a.rescanned_at is null or a.rescanned_at <= statement_timestamp() - make_interval(secs => ${restSeconds}::float8))
    and case when a.database_version ~ '^[0-9]{1,12}$' and ${databaseVersion}::text ~ '^[0-9]{1,12}$'
      then a.database_version::numeric < (${databaseVersion}::text)::numeric
      else a.database_version is distinct from ${databaseVersion}::text end)`
