import { sql } from 'kysely'
import type { Transaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'
import type { SameBytes } from './listSameBytes.ts'

/** How far a walk over bad hashes has come, oldest first. `foundAt` is a time as Postgres writes it, `sha256` lower-case hex. */
export type BadHashMark = { foundAt: string; sha256: string }

export type KnownBadPage = {
  copies: SameBytes[]
  /** Of the last hash that was looked at; null when there are no more. */
  last: BadHashMark | null
}

/** Of one hash in one look: the run of each asks for all the others. */
const copiesOfHash = 10

/**
 * Looks at `limit` hashes that were found bad within the last `days`, from behind a mark on, and answers clean files of these bytes, in whichever district and however
 * old: files that somebody could still open. As the role `sweeper`.
 */
export const listKnownBad = async (
  { db }: Transaction,
  { days, after, limit }: { days: number; after: BadHashMark | null; limit: number },
): Promise<KnownBadPage> => {
  const row = await findRow(
    db,
    sql<KnownBadPage>`
      with page as (
        select sha256, found_at from bad_hashes
        where found_at >= statement_timestamp() - make_interval(days => ${days}::int)
          ${after === null ? sql`` : sql`and (found_at, sha256) > (${after.foundAt}::timestamptz, ${Buffer.from(after.sha256, 'hex')}::bytea)`}
        order by found_at, sha256 limit ${limit}),
      copies as (
        select distinct a.district_id, a.id from page p
        cross join lateral (
          select district_id, id from attachments where state = 'clean' and sha256 = p.sha256 order by id limit ${copiesOfHash}) a)
      select
        (select coalesce(json_agg(json_build_object('districtId', district_id, 'attachmentId', id) order by id), '[]') from copies) as copies,
        (select json_build_object('foundAt', found_at::text, 'sha256', encode(sha256, 'hex')) from page order by found_at desc, sha256 desc limit 1) as last`,
  )
  return row ?? { copies: [], last: null }
}
