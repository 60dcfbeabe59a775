import { sql } from 'kysely'
import type { Transaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'

export type DueFeed = { districtId: string; syncId: string; objectKey: string; isOver: boolean }

/**
 * Syncs that wait for their upload for longer than `vanishedSeconds`, page by page in the order of their ids. `isOver`: no upload that began in time can
 * still be running. As the role `sweeper`.
 */
export const listDueFeeds = (
  tx: Transaction,
  page: { vanishedSeconds: number; longestUploadSeconds: number; after: string | null; limit: number },
): Promise<DueFeed[]> =>
  findRows(
    tx.db,
    sql<DueFeed>`
      select district_id as "districtId", id as "syncId", object_key as "objectKey",
        ticket_expires_at <= statement_timestamp() - make_interval(secs => ${page.longestUploadSeconds}) as "isOver"
      from roster_syncs
      where state = 'awaiting-upload' and created_at <= statement_timestamp() - make_interval(secs => ${page.vanishedSeconds})
        and (${page.after}::uuid is null or id > ${page.after}::uuid)
      order by id limit ${page.limit}`,
  )
