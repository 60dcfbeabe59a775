import { pipeline, Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { ApplicationFailure } from '@temporalio/activity'
import { toDistrictKeyName } from '../db/dataKeyContext.ts'
import { decideVerdict } from '../domain/decideVerdict.ts'
import type { AttachmentRef } from '../workflows/contract.ts'
import type { AttachmentDeps } from './attachmentDeps.ts'
import { createHashCheck } from './hashCheck.ts'
import type { Inspection } from './inspection.ts'
import { rewriteInThread } from './media/contentThread.ts'
import { isRewritten } from './media/isRewritten.ts'
import { openPinnedObject, type PinnedObject } from './openPinnedObject.ts'
import { placeObject, toPlacedFindings, type Placing } from './placeObject.ts'
import { storeEncrypted } from './storeEncrypted.ts'
import { whileHeartbeating } from './whileHeartbeating.ts'

type ReleaseDeps = Pick<AttachmentDeps, 'app' | 'keys' | 'incoming' | 'clean' | 'scanner'>

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
      const pinned = await openPinnedObject(deps, ref)
      if (pinned.outcome !== 'open') return pinned
      const release = await toRelease(deps, pinned, inspection, signal)
      if ('inspection' in release) return { outcome: 'not-clean', inspection: release.inspection }
      const { body, bytes: cleanBytes, contentType: cleanContentType } = release
      const keyName = toDistrictKeyName(ref.districtId)
      const cleanKey = await storeEncrypted(deps, { districtId: ref.districtId, keyName, bucket: deps.clean, body, signal })
      const placed = { ...toPlacedFindings(inspection), verdict: 'clean' as const, cleanKey, cleanBytes, cleanContentType }
      return placeObject(deps, ref, placed, { bucket: deps.clean, objectKey: cleanKey })
    })

type Release = { body: Readable; bytes: number; contentType: string } | { inspection: Inspection }

/** What recipients will get: the inspected bytes themselves, or what was made of them. */
const toRelease = async (deps: ReleaseDeps, pinned: PinnedObject, inspection: Inspection, signal: AbortSignal): Promise<Release> => {
  const contentType = inspection.sniffedType
  if (inspection.verdict !== 'clean' || contentType === null) {
    throw ApplicationFailure.nonRetryable('only what was found clean is released', 'VerdictInvalid')
  }
  const inspected = pipeline(await pinned.read({ signal }), createHashCheck(inspection.sha256), () => undefined)
  if (!isRewritten(contentType)) return { body: inspected, bytes: pinned.bytes, contentType }

  const rewritten = await rewriteInThread(await buffer(inspected), contentType, { signal })
  if ('refused' in rewritten) {
    return { inspection: { ...inspection, verdict: 'unscannable', refusalReason: rewritten.refused, sniffedType: null } }
  }
  const { bytes } = rewritten
  const answer = await deps.scanner.scan(Readable.from(toChunks(bytes)), { bytes: bytes.length, signal })
  if (answer.result !== 'ok') return { inspection: { ...inspection, ...decideVerdict(answer, { contentType }), ...answer.engine } }
  return { body: Readable.from(toChunks(bytes)), bytes: bytes.length, contentType }
}

const chunkBytes = 256 * 1024

/** Small pieces of one buffer, so that no stream behind them copies it whole. */
function* toChunks(bytes: Buffer): Generator<Buffer> {
  for (let start = 0; start < bytes.length; start += chunkBytes) yield bytes.subarray(start, start + chunkBytes)
}
