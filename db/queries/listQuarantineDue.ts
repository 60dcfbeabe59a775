import { sql } from 'kysely'
import type { Transaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'

export type QuarantinedObject = { districtId: string; attachmentId: string; quarantineKey: string }

/**
 * Quarantined objects whose retention is over, page by page in the order of their attachments' ids. Not those of a scan that is not closed: without its
 * object a row cannot be closed. As the role `sweeper`.
 */
export const listQuarantineDue = (
  tx: Transaction,
  { after, limit }: { after: string | null; limit: number },
): Promise<QuarantinedObject[]> =>
  findRows(
    tx.db,
    sql<QuarantinedObject>`
      select district_id as "districtId", id as "attachmentId", quarantine_key as "quarantineKey" from attachments
      where quarantine_key is not null and purge_after <= statement_timestamp() and state <> 'scanning'
        and (${after}::uuid is null or id > ${after}::uuid)
      order by id limit ${limit}`,
  )
