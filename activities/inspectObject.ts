import { createHash } from 'node:crypto'
import { pipeline } from 'node:stream'
import { decideVerdict, type ContentFinding } from '../domain/decideVerdict.ts'
import type { ScanAnswer } from '../domain/ports.ts'
import { uploadLimits } from '../domain/uploadLimits.ts'
import type { AttachmentRef } from '../workflows/contract.ts'
import type { AttachmentDeps } from './attachmentDeps.ts'
import { createKeepingStream } from './keepingStream.ts'
import type { Inspection, Superseded } from './inspection.ts'
import { inspectInThread } from './media/contentThread.ts'
import { openPinnedObject, type PinnedObject } from './openPinnedObject.ts'
import { recallBadHash } from './recallBadHash.ts'
import { whileHeartbeating } from './whileHeartbeating.ts'

export type InspectAnswer = { outcome: 'inspected'; inspection: Inspection } | Superseded

type InspectDeps = Pick<AttachmentDeps, 'app' | 'sweeper' | 'incoming' | 'scanner'>

/**
 * Reads the pinned version once: through the engine, hashing and keeping it on the way; then looks at what it is, in a thread that ends with
 * the activity or with its own time (`contentLimits`). The bytes are handed to the thread, not copied. The memory of one activity is a multiple
 * of the file's size, at most `uploadLimits.bytesCeiling`: one for texts; two for recordings, which are written anew to see
 * whether that can be done; one and 160 MB of pixels for pictures; one, 64 MiB of unpacked objects and their text for PDFs; for Office
 * documents one, twice the largest part (again up to the ceiling) for each level of documents in documents, of which there are three, and
 * the text of one part of XML. Its JavaScript heap is capped besides. A worker needs that times the activities it runs at once.
 */
export const createInspectObject =
  (deps: InspectDeps) =>
  (ref: AttachmentRef): Promise<InspectAnswer> =>
    whileHeartbeating(async (signal) => {
      const pinned = await openPinnedObject(deps, ref)
      if (pinned.outcome === 'superseded') return pinned
      if (pinned.outcome === 'placed') return { outcome: 'inspected', inspection: pinned.inspection }
      return { outcome: 'inspected', inspection: await inspect(deps, pinned, signal) }
    })

const inspect = async (deps: InspectDeps, pinned: PinnedObject, signal: AbortSignal): Promise<Inspection> => {
  const { bytes, work } = pinned
  // The engine cannot be asked about nothing, and never sees more than it is set up to see.
  if (bytes === 0) return refuseUnread('empty', bytes)
  if (bytes > uploadLimits.bytesCeiling) return refuseUnread('too-large', bytes)
  const kept = createKeepingStream(bytes)
  const source = await pinned.read({ signal })
  const scanned = await deps.scanner.scan(
    pipeline(source, kept, () => undefined),
    { bytes, signal },
  )
  const answer = await recallBadHash(deps, scanned, kept.sha256())
  const content: ContentFinding =
    answer.result === 'found'
      ? { refused: 'type-not-allowed' }
      : await inspectInThread(kept.content(), { contentType: work.contentType }, { signal })
  return {
    ...decideVerdict(answer, content),
    ...toEngineFields(answer),
    sha256: kept.sha256(),
    bytes,
    sniffedType: 'refused' in content ? null : content.contentType,
  }
}

const toEngineFields = ({ engine }: ScanAnswer): Pick<Inspection, 'engine' | 'databaseVersion'> => engine

const refuseUnread = (refusalReason: 'empty' | 'too-large', bytes: number): Inspection => ({
  verdict: 'unscannable',
  signature: null,
  refusalReason,
  engine: null,
  databaseVersion: null,
  // Nobody read the bytes: the hash of nothing stands for that, and is true of an empty file.
  sha256: createHash('sha256').digest('hex'),
  bytes,
  sniffedType: null,
})
