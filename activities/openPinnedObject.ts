import { ApplicationFailure } from '@temporalio/activity'
import type { ScanWork } from '../db/queries/findScanWork.ts'
import type { ObjectBody } from '../domain/ports.ts'
import type { AttachmentRef } from '../workflows/contract.ts'
import type { AttachmentDeps } from './attachmentDeps.ts'
import type { Inspection, Superseded } from './inspection.ts'
import { loadScanWork } from './loadScanWork.ts'
import { toInspection } from './toInspection.ts'

type Placed = { outcome: 'placed'; inspection: Inspection }

/** The one version that this attachment is. */
export type PinnedObject = {
  outcome: 'pinned'
  work: ScanWork
  /**
   * Reads it from the first byte. Otherwise than open when it was placed, or deleted with its row, a moment ago.
   * @throws ApplicationFailure, not to be tried again, when the row still wants it and the store no longer has it.
   */
  open(signal: AbortSignal): Promise<{ outcome: 'open'; body: ObjectBody } | Placed | Superseded>
}

/**
 * Finds the pinned version of an attachment that is this attempt's to work on; `placed` when an earlier try of this attempt, whose answer
 * was lost, got its verdict into the row: then there is nothing left to read.
 */
export const findPinnedObject = async (
  { app, incoming }: Pick<AttachmentDeps, 'app' | 'incoming'>,
  ref: AttachmentRef,
): Promise<PinnedObject | Placed | Superseded> => {
  const work = await loadScanWork(app, ref)
  if (work === null) return { outcome: 'superseded' }
  if (work.verdict !== null) return { outcome: 'placed', inspection: toInspection(work) }
  const { incomingKey, incomingVersionId: versionId } = work
  if (versionId === null) throw ApplicationFailure.nonRetryable('no version is pinned', 'RowInvalid')
  return {
    outcome: 'pinned',
    work,
    open: async (signal) => {
      try {
        return { outcome: 'open', body: await incoming.read(incomingKey, { versionId, signal }) }
      } catch (error) {
        if (!(error instanceof Error && error.name === 'NoSuchVersion')) throw error
      }
      const now = await loadScanWork(app, ref)
      if (now === null) return { outcome: 'superseded' }
      if (now.verdict !== null) return { outcome: 'placed', inspection: toInspection(now) }
      throw ApplicationFailure.nonRetryable('the pinned version is gone', 'PinnedVersionGone')
    },
  }
}

/** As `findPinnedObject`, and opens it at once. */
export const openPinnedObject = async (
  deps: Pick<AttachmentDeps, 'app' | 'incoming'>,
  ref: AttachmentRef,
  signal: AbortSignal,
): Promise<{ outcome: 'open'; body: ObjectBody } | Placed | Superseded> => {
  const pinned = await findPinnedObject(deps, ref)
  return pinned.outcome === 'pinned' ? pinned.open(signal) : pinned
}
