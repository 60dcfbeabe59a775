import { acrossDistricts, withDistrict } from '../db/openDatabase.ts'
import { enqueueWorkflow } from '../db/queries/enqueueWorkflow.ts'
import { listSameBytes } from '../db/queries/listSameBytes.ts'
import { knownBad, rescanAttachmentId, type RescanRef } from '../workflows/contract.ts'
import type { AttachmentDeps } from './attachmentDeps.ts'
import { sweepPages } from './sweepPages.ts'

/**
 * Asks for the withdrawal of every other clean file that was uploaded as the same bytes, in whichever district, each by a run of its own and behind
 * its own wall: the runs know nothing of each other. Asking twice is asking once. Answers how many were asked for.
 */
export const createWithdrawCopies =
  ({ app, sweeper, attachmentsQueue }: Pick<AttachmentDeps, 'app' | 'sweeper' | 'attachmentsQueue'>) =>
  async (_ref: RescanRef, sha256: string): Promise<number> => {
    const asked = await sweepPages(
      (page) => acrossDistricts(sweeper, (tx) => listSameBytes(tx, sha256, page)),
      ({ attachmentId }) => attachmentId,
      async ({ districtId, attachmentId }) => {
        const input: RescanRef = { districtId, attachmentId, databaseVersion: knownBad }
        const workflowId = rescanAttachmentId(attachmentId, knownBad)
        await withDistrict(app, districtId, (tx) =>
          enqueueWorkflow(tx, { type: 'rescanAttachment', workflowId, taskQueue: attachmentsQueue, input }),
        )
        return 'asked' as const
      },
    )
    return asked.get('asked') ?? 0
  }
