import { sql } from 'kysely'
import type { Transaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'

export type QuarantinedObject = { districtId: string; attachmentId: string; quarantineKey: string }

/** Quarantined objects whose retention is over, oldest first. As the role `sweeper`. */
export const listQuarantineDue = (tx: Transaction, limit: number): Promise<QuarantinedObject[]> =>
  findRows(
    tx.db,
    sql<QuarantinedObject>`
      select district_id as "districtId", id as "attachmentId", quarantine_key as "quarantineKey" from attachments
      where quarantine_key is not null and purge_after <= statement_timestamp()
      order by purge_after limit ${limit}`,
  )
