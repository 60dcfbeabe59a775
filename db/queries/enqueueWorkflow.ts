import { context, propagation } from '@opentelemetry/api'
import { sql } from 'kysely'
import { v7 as newId } from 'uuid'
import type { DistrictTransaction } from '../openDatabase.ts'

/** A workflow to start. The id says what it works on and which attempt; the input carries ids and counts only (law 7). */
export type OutboxStart = { type: string; workflowId: string; taskQueue: string; input: Readonly<Record<string, string | number>> }

/** Which attempt of which attachment a start is for; the caller turns it into an `OutboxStart` (workflow ids are the contract's business). */
export type StartFor = (ref: { districtId: string; attachmentId: string; attempt: number }) => OutboxStart

/**
 * Asks for a workflow in the transaction of the act that needs it (law 5): the row and the start commit together. Asking twice for
 * the same workflow id is asking once. The trace that is under way goes along, so that a relay that starts it later goes on with it.
 */
export const enqueueWorkflow = async (
  { db, districtId }: Pick<DistrictTransaction, 'db' | 'districtId'>,
  start: OutboxStart,
): Promise<void> => {
  await sql`
    insert into outbox (district_id, id, workflow_type, workflow_id, task_queue, input, trace_parent)
    values (${districtId}, ${newId()}, ${start.type}, ${start.workflowId}, ${start.taskQueue}, ${JSON.stringify(start.input)}::jsonb,
      ${readTraceParent()})
    on conflict (district_id, workflow_id) do nothing`.execute(db)
}

const readTraceParent = (): string | null => {
  const carrier: Record<string, string> = {}
  propagation.inject(context.active(), carrier)
  return carrier.traceparent ?? null
}
