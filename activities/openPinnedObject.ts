import { ApplicationFailure } from '@temporalio/activity'
import type { Readable } from 'node:stream'
import type { ScanWork } from '../db/queries/findScanWork.ts'
import type { ByteRange } from '../domain/ports.ts'
import type { AttachmentRef } from '../workflows/contract.ts'
import type { AttachmentDeps } from './attachmentDeps.ts'
import { loadScanWork } from './loadScanWork.ts'

/** The one version that this attachment is. */
export type PinnedObject = {
  work: ScanWork
  bytes: number
  read(options: { signal: AbortSignal; range?: ByteRange }): Promise<Readable>
}

/**
 * Finds the pinned version of an attachment that is this attempt's to work on; null when the run is superseded.
 * @throws ApplicationFailure, not to be tried again, when the row still wants a version that the store no longer has.
 */
export const openPinnedObject = async (
  { app, incoming }: Pick<AttachmentDeps, 'app' | 'incoming'>,
  ref: AttachmentRef,
): Promise<PinnedObject | null> => {
  const work = await loadScanWork(app, ref)
  if (work === null || work.verdict !== null) return null
  const { incomingKey, incomingVersionId } = work
  if (incomingVersionId === null) throw ApplicationFailure.nonRetryable('no version is pinned', 'RowInvalid')
  const version = (await incoming.listVersions(incomingKey)).find(({ versionId }) => versionId === incomingVersionId)
  if (version === undefined) {
    // Deleted together with its row a moment ago, or lost.
    if ((await loadScanWork(app, ref)) === null) return null
    throw ApplicationFailure.nonRetryable('the pinned version is gone', 'PinnedVersionGone')
  }
  return {
    work,
    bytes: version.bytes,
    read: ({ signal, range }) =>
      incoming.read(incomingKey, { versionId: incomingVersionId, signal, ...(range === undefined ? {} : { range }) }),
  }
}
