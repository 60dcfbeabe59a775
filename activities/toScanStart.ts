import type { StartFor } from '../db/queries/enqueueWorkflow.ts'
import { scanAttachmentId } from '../workflows/contract.ts'

/** How the outbox is asked for a scan on this queue. */
export const toScanStart =
  (taskQueue: string): StartFor =>
  (ref) => ({ type: 'scanAttachment', workflowId: scanAttachmentId(ref.attachmentId, ref.attempt), taskQueue, input: ref })
