import { WorkflowNotFoundError } from '@temporalio/client'
import type { Oncall } from './openOncall.ts'

/** Tells an open run something. False when there is none of that id. @throws when Temporal does not answer within five seconds */
export const signalRun = async ({ looker }: Oncall, workflowId: string, signal: string): Promise<boolean> => {
  try {
    await looker.withDeadline(Date.now() + 5_000, () => looker.workflow.getHandle(workflowId).signal(signal))
    return true
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false
    throw error
  }
}
