import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'
import { findRow } from '../rows.ts'

/** Whether the relay still has to start this workflow: its run is not lost, it has not begun. */
export const isStartPending = async (tx: DistrictTransaction, workflowId: string): Promise<boolean> =>
  (await findRow(
    tx.db,
    sql<{ id: string }>`select id from outbox where district_id = ${tx.districtId} and workflow_id = ${workflowId} and started_at is null`,
  )) !== null
