import { withDistrict } from '../db/openDatabase.ts'
import { enqueueWorkflow } from '../db/queries/enqueueWorkflow.ts'
import { knownBad, rescanAttachmentId, type RescanRef } from '../workflows/contract.ts'
import type { AttachmentDeps } from './attachmentDeps.ts'

/** Asks for the run that withdraws a clean file because its bytes are known as bad, behind its own wall. Asking twice is asking once. */
export const askForWithdrawal = (
  { app, attachmentsQueue }: Pick<AttachmentDeps, 'app' | 'attachmentsQueue'>,
  { districtId, attachmentId }: { districtId: string; attachmentId: string },
): Promise<void> => {
  const input: RescanRef = { districtId, attachmentId, databaseVersion: knownBad }
  const workflowId = rescanAttachmentId(attachmentId, knownBad)
  return withDistrict(app, districtId, (tx) =>
    enqueueWorkflow(tx, { type: 'rescanAttachment', workflowId, taskQueue: attachmentsQueue, input }),
  )
}
