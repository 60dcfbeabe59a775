import { sql } from 'kysely'
import type { Transaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'

export type DueTicket = { districtId: string; attachmentId: string; incomingKey: string }

/** Tickets that nobody can be uploading to any more, page by page in the order of their ids. As the role `sweeper`. */
export const listDueTickets = (
  tx: Transaction,
  { longestUploadSeconds, after, limit }: { longestUploadSeconds: number; after: string | null; limit: number },
): Promise<DueTicket[]> =>
  findRows(
    tx.db,
    sql<DueTicket>`
      select district_id as "districtId", id as "attachmentId", incoming_key as "incomingKey" from attachments
      where state = 'awaiting-upload' and ticket_expires_at <= statement_timestamp() - make_interval(secs => ${longestUploadSeconds})
        and (${after}::uuid is null or id > ${after}::uuid)
      order by id limit ${limit}`,
  )
