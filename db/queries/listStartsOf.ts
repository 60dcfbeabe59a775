import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRows } from '../rows.ts'
import { outboxColumns, toOutboxEntry, type OutboxEntry, type OutboxRow } from './outboxRow.ts'

/** The outbox entries of these workflows, started or not. What was started long ago is forgotten. */
export const listStartsOf = async ({ db, districtId }: DistrictTransaction, workflowIds: readonly string[]): Promise<OutboxEntry[]> => {
  if (workflowIds.length === 0) return []
  const rows = await findRows(
    db,
    sql<OutboxRow>`
      select ${outboxColumns} from outbox where district_id = ${districtId} and workflow_id in (${sql.join(workflowIds)}) order by created_at`,
  )
  return rows.map(toOutboxEntry)
}
