import { sql } from 'kysely'
import type { DistrictTransaction } from '../openDatabase.ts'

/** Says that a workflow runs, after a start right behind the commit (law 5). The relay then leaves it alone. */
export const markWorkflowStarted = async ({ db, districtId }: DistrictTransaction, workflowId: string): Promise<void> => {
  await sql`
    update outbox set started_at = statement_timestamp()
    where district_id = ${districtId} and workflow_id = ${workflowId} and started_at is null`.execute(db)
}
