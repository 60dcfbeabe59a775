import { ApplicationFailure } from '@temporalio/activity'
import type { Readable } from 'node:stream'
import type { ScanWork } from '../db/queries/findScanWork.ts'
import type { ByteRange } from '../domain/ports.ts'
import type { AttachmentRef } from '../workflows/contract.ts'
import type { AttachmentDeps } from './attachmentDeps.ts'
import type { Inspection, Superseded } from './inspection.ts'
import { loadScanWork } from './loadScanWork.ts'
import { toInspection } from './toInspection.ts'

/** The one version that this attachment is. */
export type PinnedObject = {
  outcome: 'open'
  work: ScanWork
  bytes: number
  read(options: { signal: AbortSignal; range?: ByteRange }): Promise<Readable>
}

/**
 * Finds the pinned version of an attachment that is this attempt's to work on; `placed` when an earlier try of this attempt, whose answer
 * was lost, got its verdict into the row: then there is nothing left to read.
 * @throws ApplicationFailure, not to be tried again, when the row still wants a version that the store no longer has.
 */
export const openPinnedObject = async (
  { app, incoming }: Pick<AttachmentDeps, 'app' | 'incoming'>,
  ref: AttachmentRef,
): Promise<PinnedObject | { outcome: 'placed'; inspection: Inspection } | Superseded> => {
  const work = await loadScanWork(app, ref)
  if (work === null) return { outcome: 'superseded' }
  if (work.verdict !== null) return { outcome: 'placed', inspection: toInspection(work) }
  const { incomingKey, incomingVersionId } = work
  if (incomingVersionId === null) throw ApplicationFailure.nonRetryable('no version is pinned', 'RowInvalid')
  const version = (await incoming.listVersions(incomingKey)).find(({ versionId }) => versionId === incomingVersionId)
  if (version === undefined) {
    // Deleted with its row, or placed by another try, a moment ago; or lost.
    const now = await loadScanWork(app, ref)
    if (now === null) return { outcome: 'superseded' }
    if (now.verdict !== null) return { outcome: 'placed', inspection: toInspection(now) }
    throw ApplicationFailure.nonRetryable('the pinned version is gone', 'PinnedVersionGone')
  }
  return {
    outcome: 'open',
    work,
    bytes: version.bytes,
    read: ({ signal, range }) =>
      incoming.read(incomingKey, { versionId: incomingVersionId, signal, ...(range === undefined ? {} : { range }) }),
  }
}
