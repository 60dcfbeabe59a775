import { ApplicationFailure } from '@temporalio/activity'
import type { AttachmentRef } from '../workflows/contract.ts'
import type { AttachmentDeps } from './attachmentDeps.ts'
import type { Inspection } from './inspection.ts'
import { placeObject, toPlacedFindings, type Placing } from './placeObject.ts'

/** Writes down why the file is refused. Nothing of it is kept. */
export const createRefuseObject =
  (deps: Pick<AttachmentDeps, 'app'>) =>
  async (ref: AttachmentRef, inspection: Inspection): Promise<Placing> => {
    const { refusalReason } = inspection
    if (refusalReason === null) throw ApplicationFailure.nonRetryable('a refusal lacks its reason', 'VerdictInvalid')
    return placeObject(deps, ref, { ...toPlacedFindings(inspection), verdict: 'unscannable', refusalReason }, null)
  }
