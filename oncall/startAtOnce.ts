import { startWorkflow } from '../clients/temporalClient.ts'
import type { OutboxStart } from '../db/queries/enqueueWorkflow.ts'
import type { Oncall } from './openOncall.ts'

/**
 * Starts what the outbox asks for right after the commit (law 5). False when it could not be started: then the relay does, which also marks what is
 * started here, since starting twice is starting once.
 */
export const startAtOnce = async (oncall: Oncall, start: OutboxStart & { districtId: string }): Promise<boolean> => {
  const { attachmentId, syncId, translationId } = start.input
  try {
    await startWorkflow(
      await oncall.openStarter(),
      {
        type: start.type,
        workflowId: start.workflowId,
        taskQueue: start.taskQueue,
        input: start.input,
        districtId: start.districtId,
        ...(typeof attachmentId === 'string' ? { attachmentId } : {}),
        ...(typeof syncId === 'string' ? { syncId } : {}),
        ...(typeof translationId === 'string' ? { translationId } : {}),
      },
      3_000,
    )
    return true
  } catch {
    return false
  }
}
