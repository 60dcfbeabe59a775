import { acrossDistricts, withDistrict, type Database } from '../db/openDatabase.ts'
import { closeScan } from '../db/queries/closeScan.ts'
import { findBadHash } from '../db/queries/findBadHash.ts'
import { findScanWork } from '../db/queries/findScanWork.ts'
import { listSameBytes } from '../db/queries/listSameBytes.ts'
import { stateAfterVerdict } from '../domain/attachment.ts'
import type { AttachmentRef } from '../workflows/contract.ts'
import { askForWithdrawal } from './askForWithdrawal.ts'
import type { AttachmentDeps } from './attachmentDeps.ts'
import type { Superseded } from './inspection.ts'

type CloseDeps = Pick<AttachmentDeps, 'app' | 'sweeper' | 'attachmentsQueue'>

/**
 * Lets the row say how it ended. Last of all, so that whoever reads `clean` finds the object in its place. When its bytes are known as bad, clean
 * files of the same bytes are withdrawn: the others, when this is the upload in which they were found bad; this one too, when they became known while
 * it was on its way. Asked behind the commit that closes, as `withdrawCopies` asks behind the commit that makes a hash known: one of them sees the other.
 */
export const createCloseAttachment =
  (deps: CloseDeps) =>
  async (ref: AttachmentRef): Promise<{ outcome: 'closed' } | Superseded> => {
    const sha256 = await close(deps.app, ref)
    if (sha256 === null) return { outcome: 'superseded' }
    await withdrawIfKnownBad(deps, sha256)
    return { outcome: 'closed' }
  }

/** The hash of the file that is closed, in hex; null when this attempt may not close it. */
const close = (app: Database, { districtId, attachmentId, attempt }: AttachmentRef): Promise<string | null> =>
  withDistrict(app, districtId, async (tx) => {
    const isClosedNow = (await closeScan(tx, attachmentId, attempt)) !== null
    const work = await findScanWork(tx, attachmentId)
    if (work === null || work.verdict === null || work.sha256 === null) return null
    // An earlier try of this very step got through and its answer was lost.
    const wasClosed = work.attempt === attempt && work.state === stateAfterVerdict[work.verdict]
    return isClosedNow || wasClosed ? work.sha256.toString('hex') : null
  })

/** So many are asked for here. The run of each asks for all the others, so that one of them that is deleted meanwhile holds nothing up. */
const firstCopies = 10

const withdrawIfKnownBad = async (deps: CloseDeps, sha256: string): Promise<void> => {
  const copies = await acrossDistricts(deps.sweeper, async (tx) =>
    (await findBadHash(tx, sha256)) === null ? [] : listSameBytes(tx, sha256, { after: null, limit: firstCopies }),
  )
  for (const copy of copies) await askForWithdrawal(deps, copy)
}
