import { acrossDistricts } from '../db/openDatabase.ts'
import { listSameBytes } from '../db/queries/listSameBytes.ts'
import type { RescanRef } from '../workflows/contract.ts'
import { askForWithdrawal } from './askForWithdrawal.ts'
import type { AttachmentDeps } from './attachmentDeps.ts'
import { sweepPages } from './sweepPages.ts'

/**
 * Asks for the withdrawal of every other clean file that was uploaded as the same bytes, in whichever district, each by a run of its own and behind
 * its own wall: the runs know nothing of each other. Answers how many were asked for.
 */
export const createWithdrawCopies =
  (deps: Pick<AttachmentDeps, 'app' | 'sweeper' | 'attachmentsQueue'>) =>
  async (_ref: RescanRef, sha256: string): Promise<number> => {
    const asked = await sweepPages(
      (page) => acrossDistricts(deps.sweeper, (tx) => listSameBytes(tx, sha256, page)),
      ({ attachmentId }) => attachmentId,
      async (copy) => {
        await askForWithdrawal(deps, copy)
        return 'asked' as const
      },
    )
    return asked.get('asked') ?? 0
  }
