import type { DistrictTransaction } from './openDatabase.ts'
import { enqueueWorkflow, type OutboxStart } from './queries/enqueueWorkflow.ts'
import { recordAudit, type AuditOrigin } from './queries/recordAudit.ts'

type Order = { start: OutboxStart; attempt: number; action: string; target: { kind: string; id: string } }

/** Asks for the run of a row's next attempt and writes down who did, in the transaction that made it the next one. Answers the start. */
export const orderAttempt = async (
  tx: DistrictTransaction,
  { start, attempt, action, target, ...origin }: Order & AuditOrigin,
): Promise<OutboxStart> => {
  await enqueueWorkflow(tx, start)
  await recordAudit(tx, { ...origin, action, target, details: { ...origin.details, attempt } })
  return start
}
