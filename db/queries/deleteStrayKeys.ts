import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'

/**
 * Looks at one page of a district's wrapped object keys, from behind `after` on, and deletes those that are older than any write can be and that no
 * attachment names. Answers how many, and the last key that was looked at: null when the page was empty.
 */
export const deleteStrayKeys = async (
  { db, districtId }: DistrictTransaction,
  { after, limit, olderThanSeconds }: { after: string; limit: number; olderThanSeconds: number },
): Promise<{ deleted: number; last: string | null }> => {
  const row = await findRow(
    db,
    sql<{ deleted: number; last: string | null }>`
      with page as (
        select object_key, created_at from keys.object_keys
        where district_id = ${districtId} and object_key > ${after}
        order by object_key limit ${limit}),
      stray as (
        delete from keys.object_keys k using page
        where k.district_id = ${districtId} and k.object_key = page.object_key
          and page.created_at <= statement_timestamp() - make_interval(secs => ${olderThanSeconds})
          and not exists (select 1 from attachments a where a.clean_key = page.object_key and a.district_id = ${districtId})
          and not exists (select 1 from attachments a where a.quarantine_key = page.object_key and a.district_id = ${districtId})
        returning 1)
      select (select count(*)::int from stray) as deleted, (select max(object_key) from page) as last`,
  )
  return row ?? { deleted: 0, last: null }
}
