import { withOperations } from '../db/operationsDistrict.ts'
import { findScanWork } from '../db/queries/findScanWork.ts'
import { toSyntheticEnd, type SyntheticEnd } from '../domain/syntheticEicar.ts'
import type { SyntheticDeps } from './syntheticDeps.ts'

/** How the test virus stands; null while it is on its way and not overdue. */
export const createLookAtTestVirus =
  ({ app }: Pick<SyntheticDeps, 'app'>) =>
  async (attachmentId: string, isOverdue: boolean): Promise<SyntheticEnd | null> => {
    const work = await withOperations(app, (tx) => findScanWork(tx, attachmentId))
    return toSyntheticEnd(work?.state ?? 'gone', isOverdue)
  }
