import { createHash } from 'node:crypto'
import { pipeline } from 'node:stream'
import { finished } from 'node:stream/promises'
import { log } from '@temporalio/activity'
import { decideVerdict, type ContentFinding } from '../domain/decideVerdict.ts'
import type { ObjectBody, ScanAnswer } from '../domain/ports.ts'
import { toLoggableFault } from '../domain/toLoggableFault.ts'
import { uploadLimits } from '../domain/uploadLimits.ts'
import type { AttachmentRef } from '../workflows/contract.ts'
import type { StreamDeps } from './attachmentDeps.ts'
import type { Inspection } from './inspection.ts'
import { keepFinding, recallFinding } from './keepFinding.ts'
import { inspectInThread, type ContentLimits, type SpooledFile } from './media/contentThread.ts'
import { isRewritten } from './media/isRewritten.ts'
import { beforeTimeout } from './beforeTimeout.ts'
import { findPinnedObject, type PinnedObject } from './openPinnedObject.ts'
import { placeClean } from './placeClean.ts'
import type { Placing } from './placeObject.ts'
import { recallBadHash } from './recallBadHash.ts'
import { remakeMedia } from './remakeMedia.ts'
import type { Spool } from './spool/openSpool.ts'
import { readSpool } from './spool/readSpool.ts'
import { createSpoolWriter } from './spool/spoolWriter.ts'
import { withSpool } from './spool/withSpool.ts'
import { createSpoolingStream, type SpoolingStream } from './spoolingStream.ts'
import { whileHeartbeating } from './whileHeartbeating.ts'

/** `inspected`: what was found is left to do something about; a clean file is not stored yet. */
export type InspectAnswer = Placing | { outcome: 'inspected'; inspection: Inspection }

type InspectDeps = Pick<StreamDeps, 'app' | 'sweeper' | 'keys' | 'incoming' | 'clean' | 'scanner' | 'spoolFolder' | 'isIsolated' | 'turns'>

/** A file that passed: what is to be stored lies in `spool`, `bytes` long. */
type Passed = { outcome: 'passed'; inspection: Inspection; contentType: string; spool: Spool; bytes: number }

/**
 * Reads the pinned version once: through the engine, hashing it and sealing it into a spool on the way; then looks at what is in the spool,
 * in a thread that ends with the activity or with its own time (`contentThread.ts`). What passed is stored from there, pictures and recordings
 * made anew and scanned again, so what was scanned, hashed, looked at and stored is one and the same. Memory does not grow with the file, but for pictures, which are
 * held and decoded (160 MB of pixels at most), documents in documents, and streams of packed objects in PDFs (64 MiB at most): docs/decisions/spool.md.
 */
export const createInspectObject =
  (deps: InspectDeps) =>
  (ref: AttachmentRef): Promise<InspectAnswer> =>
    whileHeartbeating(async (signal) => {
      const answer = await inspect(deps, ref, signal)
      if (answer.outcome === 'inspected') await keepFinding(deps, ref, answer.inspection)
      if (answer.outcome !== 'superseded') return answer
      const inspection = await recallFinding(deps, ref)
      return inspection === null ? answer : { outcome: 'inspected', inspection }
    })

const inspect = async (deps: InspectDeps, ref: AttachmentRef, signal: AbortSignal): Promise<InspectAnswer> => {
  const untilStored = beforeTimeout(signal)
  const pinned = await findPinnedObject(deps, ref)
  if (pinned.outcome !== 'pinned') return pinned
  return withSpools(deps.spoolFolder, async (spools) => {
    const looked = await deps.turns.take(signal, (inTime) => look(deps, pinned, spools, { signal, inTime }))
    return looked.outcome === 'passed' ? store(deps, ref, looked, { signal, inTime: untilStored }) : looked
  })
}

/** What waits for the store or the engine waits no longer than `inTime`. */
type Signals = { signal: AbortSignal; inTime: AbortSignal }

type Spools = { upload: Spool; remade: Spool }

const withSpools = <T>(folder: string, work: (spools: Spools) => Promise<T>): Promise<T> =>
  withSpool(folder, (upload) => withSpool(folder, (remade) => work({ upload, remade })))

/** All that is done in a turn: afterwards nothing large is held, and the engine is free. */
const look = async (deps: InspectDeps, pinned: PinnedObject, spools: Spools, signals: Signals): Promise<InspectAnswer | Passed> => {
  const opened = await pinned.open(signals.inTime)
  if (opened.outcome !== 'open') return opened
  const { body } = opened
  const { bytes } = body
  const unread = refuseUnread(bytes)
  if (unread !== null) {
    body.destroy()
    return { outcome: 'inspected', inspection: unread }
  }
  const inspection = await inspectThrough(spools.upload, deps, { body, contentType: pinned.work.contentType }, signals)
  const { sniffedType: contentType } = inspection
  if (inspection.verdict !== 'clean' || contentType === null) return { outcome: 'inspected', inspection }
  const passed = { outcome: 'passed' as const, inspection, contentType }
  if (!isRewritten(contentType)) return { ...passed, spool: spools.upload, bytes }
  const original = { spool: spools.upload, bytes, contentType, inspection }
  const remade = await remakeMedia(deps, original, spools.remade, { ...signals, isLastLook: deps.isIsolated })
  return remade.outcome === 'remade'
    ? { ...passed, spool: spools.remade, bytes: remade.bytes }
    : { outcome: 'inspected', inspection: remade.inspection }
}

/** A store that takes nothing now costs no second look at the file: what was found is the answer, and `releaseObject` goes on from it. */
const store = async (
  deps: InspectDeps,
  ref: AttachmentRef,
  { spool, bytes, ...passed }: Passed,
  { signal, inTime }: Signals,
): Promise<InspectAnswer> => {
  try {
    return await placeClean(deps, ref, { ...passed, bytes, body: readSpool(spool, bytes) }, inTime)
  } catch (error) {
    signal.throwIfAborted()
    const [{ name, code = null }] = toLoggableFault(error)
    log.warn('what passed could not be stored at once', { fault: name, code })
    return { outcome: 'inspected', inspection: passed.inspection }
  }
}

const inspectThrough = async (
  spool: Spool,
  deps: InspectDeps,
  { body, contentType }: { body: ObjectBody; contentType: string },
  { signal, inTime }: Signals,
): Promise<Inspection> => {
  const { bytes } = body
  const spooling = createSpoolingStream(createSpoolWriter(spool), bytes)
  const settled = new AbortController()
  const looking = lookWhenSpooled(
    spooling,
    { spool, bytes, contentType },
    { signal: AbortSignal.any([signal, settled.signal]), isLastLook: deps.isIsolated },
  )
  // It may fail before anybody asks.
  looking.catch(() => undefined)
  try {
    const scanned = await deps.scanner.scan(
      pipeline(body, spooling, () => undefined),
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

/** The engine cannot be asked about nothing, and never sees more than it is set up to see. Null for every other size. */
const refuseUnread = (bytes: number): Inspection | null => {
  if (bytes > 0 && bytes <= uploadLimits.bytesCeiling) return null
  return {
    verdict: 'unscannable',
    signature: null,
    refusalReason: bytes === 0 ? 'empty' : 'too-large',
    engine: null,
    databaseVersion: null,
    // Nobody read the bytes: the hash of nothing stands for that, and is true of an empty file.
    sha256: createHash('sha256').digest('hex'),
    bytes,
    sniffedType: null,
  }
}
