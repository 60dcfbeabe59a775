import type { StartFor } from '../db/queries/enqueueWorkflow.ts'
import { toWorkflowId, type WorkflowType } from '../workflows/contract.ts'

/** How an act on an attachment asks for its run: the id says which attachment and which attempt (law 5). */
export const toStartFor =
  (type: WorkflowType, taskQueue: string): StartFor =>
  (ref) => ({ type, workflowId: toWorkflowId({ type, input: ref }), taskQueue, input: ref })
