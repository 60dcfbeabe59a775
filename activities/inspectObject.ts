import { createHash } from 'node:crypto'
import { pipeline } from 'node:stream'
import { finished } from 'node:stream/promises'
import { decideVerdict, type ContentFinding } from '../domain/decideVerdict.ts'
import type { ScanAnswer } from '../domain/ports.ts'
import { uploadLimits } from '../domain/uploadLimits.ts'
import type { AttachmentRef } from '../workflows/contract.ts'
import type { StreamDeps } from './attachmentDeps.ts'
import type { Inspection, Superseded } from './inspection.ts'
import { inspectInThread, type ContentLimits, type SpooledFile } from './media/contentThread.ts'
import { beforeTimeout } from './beforeTimeout.ts'
import { openPinnedObject, type PinnedObject } from './openPinnedObject.ts'
import { recallBadHash } from './recallBadHash.ts'
import type { Spool } from './spool/openSpool.ts'
import { createSpoolWriter } from './spool/spoolWriter.ts'
import { withSpool } from './spool/withSpool.ts'
import { createSpoolingStream, type SpoolingStream } from './spoolingStream.ts'
import { whileHeartbeating } from './whileHeartbeating.ts'

export type InspectAnswer = { outcome: 'inspected'; inspection: Inspection } | Superseded

type InspectDeps = Pick<StreamDeps, 'app' | 'sweeper' | 'incoming' | 'scanner' | 'spoolFolder' | 'isIsolated'>

/**
 * Reads the pinned version once: through the engine, hashing it and sealing it into a spool on the way; then looks at what is in the spool,
 * in a thread that ends with the activity or with its own time (`contentThread.ts`). What was scanned, hashed and looked at is one
 * and the same. Memory does not grow with the file, but for pictures, which are held and decoded (160 MB of pixels at most),
 * documents in documents, and streams of packed objects in PDFs (64 MiB at most): docs/decisions/spool.md.
 */
export const createInspectObject =
  (deps: InspectDeps) =>
  (ref: AttachmentRef): Promise<InspectAnswer> =>
    whileHeartbeating(async (signal) => {
      const inTime = beforeTimeout(signal)
      const pinned = await openPinnedObject(deps, ref)
      if (pinned.outcome === 'superseded') return pinned
      if (pinned.outcome === 'placed') return { outcome: 'inspected', inspection: pinned.inspection }
      return { outcome: 'inspected', inspection: await inspect(deps, pinned, { signal, inTime }) }
    })

/** What waits for the store or the engine waits no longer than `inTime`. */
type Signals = { signal: AbortSignal; inTime: AbortSignal }

const inspect = async (deps: InspectDeps, pinned: PinnedObject, signals: Signals): Promise<Inspection> => {
  const { bytes } = pinned
  // The engine cannot be asked about nothing, and never sees more than it is set up to see.
  if (bytes === 0) return refuseUnread('empty', bytes)
  if (bytes > uploadLimits.bytesCeiling) return refuseUnread('too-large', bytes)
  return withSpool(deps.spoolFolder, (spool) => inspectThrough(spool, deps, pinned, signals))
}

const inspectThrough = async (spool: Spool, deps: InspectDeps, pinned: PinnedObject, { signal, inTime }: Signals): Promise<Inspection> => {
  const { bytes, work } = pinned
  const spooling = createSpoolingStream(createSpoolWriter(spool), bytes)
  const settled = new AbortController()
  const looking = lookWhenSpooled(
    spooling,
    { spool, bytes, contentType: work.contentType },
    { signal: AbortSignal.any([signal, settled.signal]), isLastLook: deps.isIsolated },
  )
  // It may fail before anybody asks.
  looking.catch(() => undefined)
  try {
    const source = await pinned.read({ signal: inTime })
    const scanned = await deps.scanner.scan(
      pipeline(source, spooling, () => undefined),
      { bytes, signal: inTime },
    )
    const answer = await recallBadHash(deps, scanned, spooling.sha256())
    const content: ContentFinding = answer.result === 'found' ? { refused: 'type-not-allowed' } : await looking
    return {
      ...decideVerdict(answer, content),
      ...toEngineFields(answer),
      sha256: spooling.sha256(),
      bytes,
      sniffedType: 'refused' in content ? null : content.contentType,
    }
  } finally {
    settled.abort()
    // Then nobody reads the spool any more.
    await looking.catch(() => undefined)
  }
}

/** The engine begins to look when it has the whole, and takes longer than we do: we look meanwhile. */
const lookWhenSpooled = async (spooling: SpoolingStream, file: SpooledFile, limits: ContentLimits): Promise<ContentFinding> => {
  await finished(spooling, { readable: false, signal: limits.signal })
  return inspectInThread(file, limits)
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
