import { withOperations } from '../db/operationsDistrict.ts'
import { recordSuccess } from '../db/queries/recordSuccess.ts'
import { syntheticEicar, type SyntheticEnd } from '../domain/syntheticEicar.ts'
import { createFollowAlert } from './followAlert.ts'
import type { SyntheticDeps } from './syntheticDeps.ts'

/** Keeps when a test virus was last quarantined, which ends the alert; tells the engineers of any other end. */
export const createJudgeTestVirus =
  ({ app, pager }: Pick<SyntheticDeps, 'app' | 'pager'>) =>
  async (end: SyntheticEnd, attachmentId: string | null): Promise<void> => {
    if (end === 'quarantined') await withOperations(app, (tx) => recordSuccess(tx, syntheticEicar.name))
    const details = { end, attachmentId: attachmentId ?? 'none' }
    await createFollowAlert({ app, pager })('synthetic-eicar-overdue', { holds: end !== 'quarantined', details })
  }
