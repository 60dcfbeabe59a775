import { sql } from 'kysely'
import type { Transaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'

/** An attachment that is withdrawn, and the run that is to finish with it. */
export type Withdrawing = { districtId: string; attachmentId: string; withdrawnBy: string }

/**
 * Attachments whose withdrawal is not through: nobody can open them, and something is left to do. Any `limit` of them, others each time, so that
 * those which fail again and again keep none from their turn. As the role `sweeper`.
 */
export const listWithdrawing = ({ db }: Transaction, limit: number): Promise<Withdrawing[]> =>
  findRows(
    db,
    sql<Withdrawing>`
      select district_id as "districtId", id as "attachmentId", withdrawn_by as "withdrawnBy" from attachments
      where withdrawn_by is not null and clean_key is not null and state <> 'deleted' order by random() limit ${limit}`,
  )
