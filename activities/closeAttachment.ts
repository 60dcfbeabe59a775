import { withDistrict, type Database } from '../db/openDatabase.ts'
import { closeScan } from '../db/queries/closeScan.ts'
import { findScanWork } from '../db/queries/findScanWork.ts'
import { stateAfterVerdict } from '../domain/attachment.ts'
import type { AttachmentRef } from '../workflows/contract.ts'
import type { AttachmentDeps } from './attachmentDeps.ts'
import type { Superseded } from './inspection.ts'
import { withdrawKnownBad } from './withdrawKnownBad.ts'

type CloseDeps = Pick<AttachmentDeps, 'app' | 'sweeper' | 'attachmentsQueue'>

/**
 * Lets the row say how it ended. Last of all, so that whoever reads `clean` finds the object in its place. When its bytes are known as bad, clean
 * files of the same bytes are withdrawn: the others, when this is the upload in which they were found bad; this one too, when they became known while
 * it was on its way. Asked behind the commit that closes, as `withdrawCopies` asks behind the commit that makes a hash known: one of them sees the other.
 */
export const createCloseAttachment =
  (deps: CloseDeps) =>
  async (ref: AttachmentRef): Promise<{ outcome: 'closed' } | Superseded> => {
    const { sha256, isClosed } = await close(deps.app, ref)
    // Behind a verdict that stands, whoever deleted the file meanwhile: its copies are as bad.
    if (sha256 !== null) await withdrawKnownBad(deps, sha256)
    return { outcome: isClosed ? 'closed' : 'superseded' }
  }

/** The hash of the file in hex, null when none was placed; and whether this attempt closed the row. */
const close = (
  app: Database,
  { districtId, attachmentId, attempt }: AttachmentRef,
): Promise<{ sha256: string | null; isClosed: boolean }> =>
  withDistrict(app, districtId, async (tx) => {
    const isClosedNow = (await closeScan(tx, attachmentId, attempt)) !== null
    const work = await findScanWork(tx, attachmentId)
    if (work === null || work.verdict === null || work.sha256 === null) return { sha256: null, isClosed: false }
    // An earlier try of this very step got through and its answer was lost.
    const wasClosed = work.attempt === attempt && work.state === stateAfterVerdict[work.verdict]
    return { sha256: work.sha256.toString('hex'), isClosed: isClosedNow || wasClosed }
  })
