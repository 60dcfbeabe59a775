import { pipeline } from 'node:stream'
import { ApplicationFailure } from '@temporalio/activity'
import type { AttachmentRef } from '../workflows/contract.ts'
import type { StreamDeps } from './attachmentDeps.ts'
import { beforeTimeout } from './beforeTimeout.ts'
import { createHashCheck } from './hashCheck.ts'
import type { Inspection } from './inspection.ts'
import { keepFinding, recallFinding } from './keepFinding.ts'
import { isRewritten } from './media/isRewritten.ts'
import { openPinnedObject } from './openPinnedObject.ts'
import { placeClean } from './placeClean.ts'
import type { Placing } from './placeObject.ts'
import { remakeMedia } from './remakeMedia.ts'
import { readSpool } from './spool/readSpool.ts'
import { createSpoolWriter } from './spool/spoolWriter.ts'
import { withSpool } from './spool/withSpool.ts'
import { whileHeartbeating } from './whileHeartbeating.ts'

type ReleaseDeps = Pick<StreamDeps, 'app' | 'keys' | 'incoming' | 'clean' | 'scanner' | 'spoolFolder' | 'isIsolated' | 'turns'>

/** `not-clean`: what the re-encoding made did not pass, so neither does the original. */
export type ReleaseAnswer = Placing | { outcome: 'not-clean'; inspection: Inspection }

/**
 * Releases what `inspectObject` found clean and could not store: reads the pinned version again, checks that it is what was inspected, re-encodes
 * pictures and recordings and scans what came out, and writes the rest encrypted to the clean bucket under a fresh key.
 */
export const createReleaseObject =
  (deps: ReleaseDeps) =>
  (ref: AttachmentRef, inspection: Inspection): Promise<ReleaseAnswer> =>
    whileHeartbeating(async (signal) => {
      const { sniffedType: contentType } = inspection
      if (inspection.verdict !== 'clean' || contentType === null) {
        throw ApplicationFailure.nonRetryable('only what was found clean is released', 'VerdictInvalid')
      }
      if (isRewritten(contentType)) {
        const released = await releaseRemade(deps, ref, { inspection, contentType }, signal)
        if (released.outcome === 'not-clean') await keepFinding(deps, ref, released.inspection)
        if (released.outcome !== 'superseded') return released
        const found = await recallFinding(deps, ref)
        return found === null ? released : { outcome: 'not-clean', inspection: found }
      }
      const inTime = beforeTimeout(signal)
      const pinned = await openPinnedObject(deps, ref, inTime)
      if (pinned.outcome !== 'open') return pinned
      const { bytes } = pinned.body
      const body = pipeline(pinned.body, createHashCheck(inspection.sha256), () => undefined)
      return placeClean(deps, ref, { inspection, contentType, body, bytes }, inTime)
    })

type Found = { inspection: Inspection; contentType: string }

const releaseRemade = (deps: ReleaseDeps, ref: AttachmentRef, found: Found, signal: AbortSignal): Promise<ReleaseAnswer> =>
  withSpool(deps.spoolFolder, async (made) => {
    const untilStored = beforeTimeout(signal)
    const remade = await deps.turns.take(signal, (inTime) =>
      withSpool(deps.spoolFolder, async (spool) => {
        const pinned = await openPinnedObject(deps, ref, inTime)
        if (pinned.outcome !== 'open') return pinned
        const { bytes } = pinned.body
        const writer = createSpoolWriter(spool)
        const inspected = pipeline(pinned.body, createHashCheck(found.inspection.sha256), () => undefined)
        for await (const chunk of inspected as AsyncIterable<Buffer>) await writer.write(chunk)
        await writer.end()
        return remakeMedia(deps, { spool, bytes, ...found }, made, { signal, inTime, isLastLook: deps.isIsolated })
      }),
    )
    if (remade.outcome !== 'remade') return remade
    return placeClean(deps, ref, { ...found, body: readSpool(made, remade.bytes), bytes: remade.bytes }, untilStored)
  })
