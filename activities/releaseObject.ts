import { pipeline, type Readable } from 'node:stream'
import { ApplicationFailure } from '@temporalio/activity'
import { toDistrictKeyName } from '../db/dataKeyContext.ts'
import { decideVerdict } from '../domain/decideVerdict.ts'
import type { AttachmentRef } from '../workflows/contract.ts'
import type { StreamDeps } from './attachmentDeps.ts'
import { beforeTimeout } from './beforeTimeout.ts'
import { createHashCheck } from './hashCheck.ts'
import type { Inspection } from './inspection.ts'
import { rewriteInThread, type ContentLimits } from './media/contentThread.ts'
import { isRewritten } from './media/isRewritten.ts'
import { openPinnedObject } from './openPinnedObject.ts'
import { placeObject, toPlacedFindings, type Placing } from './placeObject.ts'
import type { Spool } from './spool/openSpool.ts'
import { readSpool } from './spool/readSpool.ts'
import { createSpoolWriter } from './spool/spoolWriter.ts'
import { withSpool } from './spool/withSpool.ts'
import { storeEncrypted } from './storeEncrypted.ts'
import { whileHeartbeating } from './whileHeartbeating.ts'

type ReleaseDeps = Pick<StreamDeps, 'app' | 'keys' | 'incoming' | 'clean' | 'scanner' | 'spoolFolder' | 'isIsolated'>

/** `not-clean`: what the re-encoding made did not pass, so neither does the original. */
export type ReleaseAnswer = Placing | { outcome: 'not-clean'; inspection: Inspection }

/**
 * Reads the pinned version again, checks that it is what was inspected, re-encodes pictures and recordings and scans what came out,
 * and writes the rest encrypted to the clean bucket under a fresh key.
 */
export const createReleaseObject =
  (deps: ReleaseDeps) =>
  (ref: AttachmentRef, inspection: Inspection): Promise<ReleaseAnswer> =>
    whileHeartbeating(async (signal) => {
      const inTime = beforeTimeout(signal)
      const pinned = await openPinnedObject(deps, ref)
      if (pinned.outcome !== 'open') return pinned
      const { sniffedType: contentType } = inspection
      if (inspection.verdict !== 'clean' || contentType === null) {
        throw ApplicationFailure.nonRetryable('only what was found clean is released', 'VerdictInvalid')
      }
      const inspected = pipeline(await pinned.read({ signal: inTime }), createHashCheck(inspection.sha256), () => undefined)
      const place = async ({ body, bytes: cleanBytes }: { body: Readable; bytes: number }): Promise<Placing> => {
        const keyName = toDistrictKeyName(ref.districtId)
        const cleanKey = await storeEncrypted(deps, { districtId: ref.districtId, keyName, bucket: deps.clean, body, signal: inTime })
        const placed = { ...toPlacedFindings(inspection), verdict: 'clean' as const, cleanKey, cleanBytes, cleanContentType: contentType }
        return placeObject(deps, ref, placed, { bucket: deps.clean, objectKey: cleanKey })
      }
      if (!isRewritten(contentType)) return place({ body: inspected, bytes: pinned.bytes })
      const original = { inspected, bytes: pinned.bytes, inspection, contentType, inTime, limits: { signal, isLastLook: deps.isIsolated } }
      return withSpool(deps.spoolFolder, (made) => releaseRewritten(deps, original, made, place))
    })

type Original = {
  inspected: Readable
  bytes: number
  inspection: Inspection
  contentType: string
  inTime: AbortSignal
  limits: ContentLimits
}

/** What is scanned and what is placed are the same bytes: those in the spool `made`. */
const releaseRewritten = async (
  deps: ReleaseDeps,
  original: Original,
  made: Spool,
  place: (made: { body: Readable; bytes: number }) => Promise<Placing>,
): Promise<ReleaseAnswer> => {
  const { inspection, contentType, inTime } = original
  const rewritten = await withSpool(deps.spoolFolder, (spool) => rewrite(original, spool, made))
  if ('refused' in rewritten) {
    const refused = { verdict: 'unscannable' as const, refusalReason: rewritten.refused, sniffedType: null }
    return { outcome: 'not-clean', inspection: { ...inspection, ...refused } }
  }
  const { bytes } = rewritten
  const answer = await deps.scanner.scan(readSpool(made, bytes), { bytes, signal: inTime })
  if (answer.result !== 'ok') {
    return { outcome: 'not-clean', inspection: { ...inspection, ...decideVerdict(answer, { contentType }), ...answer.engine } }
  }
  return place({ body: readSpool(made, bytes), bytes })
}

const rewrite = async ({ inspected, bytes, contentType, limits }: Original, spool: Spool, made: Spool) => {
  const writer = createSpoolWriter(spool)
  for await (const chunk of inspected as AsyncIterable<Buffer>) await writer.write(chunk)
  await writer.end()
  return rewriteInThread({ spool, bytes, contentType }, made, limits)
}
