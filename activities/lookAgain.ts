import { createHash } from 'node:crypto'
import { pipeline, Transform } from 'node:stream'
import { activityInfo } from '@temporalio/activity'
import { acrossDistricts, withDistrict } from '../db/openDatabase.ts'
import { findBadHash } from '../db/queries/findBadHash.ts'
import { findReleased, type Released } from '../db/queries/findReleased.ts'
import { isOlderDatabase } from '../domain/isOlderDatabase.ts'
import type { RescanRef } from '../workflows/contract.ts'
import { knownBad } from '../workflows/contract.ts'
import type { AttachmentDeps } from './attachmentDeps.ts'
import type { Superseded } from './inspection.ts'
import { isUnreadable, openReleased, toUnreadable } from './openReleased.ts'
import { recallBadHash } from './recallBadHash.ts'
import { whileHeartbeating } from './whileHeartbeating.ts'

/** What was found in a file that was clean. Hashes are lower-case hex; `releasedSha256` is null when the bytes needed no reading. */
export type RescanFinding = {
  signature: string
  engine: string
  databaseVersion: string
  sha256: string
  releasedSha256: string | null
}

export type LookAnswer =
  | { outcome: 'passed' | 'not-inspected'; engine: string; databaseVersion: string; bytes: number }
  | { outcome: 'infected'; finding: RescanFinding; bytes: number }
  /** The engine that was asked is older than the one that the round is about. */
  | { outcome: 'engine-behind'; bytes: number }
  | Superseded

type LookDeps = Pick<AttachmentDeps, 'app' | 'sweeper' | 'keys' | 'released' | 'scanner'>

/**
 * Streams a released file through the engine as it is now, as those who download it get it, and changes nothing. What is known as bad is not
 * read. A run that withdrew the file before, and was lost, gets its finding again. An outage rejects: it is no verdict.
 * @throws ApplicationFailure, not to be tried again, when a file that is still clean cannot be read.
 */
export const createLookAgain =
  (deps: LookDeps) =>
  (ref: RescanRef): Promise<LookAnswer> =>
    whileHeartbeating(async (signal) => {
      const file = await withDistrict(deps.app, ref.districtId, (tx) => findReleased(tx, ref.attachmentId))
      const before = file === null ? null : toOwnFinding(file)
      if (before !== null) return { outcome: 'infected', finding: before, bytes: 0 }
      if (file === null || file.state !== 'clean') return { outcome: 'superseded' }
      const known = await acrossDistricts(deps.sweeper, (tx) => findBadHash(tx, file.sha256))
      if (known !== null) return { outcome: 'infected', finding: { ...known, releasedSha256: null }, bytes: 0 }
      // Asked for because of its hash, and that was lifted meanwhile.
      if (ref.databaseVersion === knownBad) return { outcome: 'superseded' }
      try {
        return await look(deps, ref, file, signal)
      } catch (error) {
        if (!isUnreadable(error)) throw error
        // Deleted with its row a moment ago, or lost.
        const now = await withDistrict(deps.app, ref.districtId, (tx) => findReleased(tx, ref.attachmentId))
        if (now?.state !== 'clean') return { outcome: 'superseded' }
        throw toUnreadable()
      }
    })

/** What this very run found when it withdrew the file, in a try or a life that was lost. */
const toOwnFinding = ({ state, withdrawnBy, signature, engine, databaseVersion, sha256 }: Released): RescanFinding | null => {
  if (state !== 'quarantined' || withdrawnBy !== activityInfo().workflowExecution?.workflowId) return null
  if (signature === null || engine === null || databaseVersion === null) return null
  return { signature, engine, databaseVersion, sha256, releasedSha256: null }
}

const look = async (deps: LookDeps, ref: RescanRef, file: Released, signal: AbortSignal): Promise<LookAnswer> => {
  const bytes = file.cleanBytes
  const hash = createHash('sha256')
  const hashing = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      hash.update(chunk)
      done(null, chunk)
    },
  })
  const plaintext = await openReleased(deps, ref.districtId, file, signal)
  const scanned = await deps.scanner.scan(
    pipeline(plaintext, hashing, () => undefined),
    { bytes, signal },
  )
  const releasedSha256 = hash.digest('hex')
  const answer = await recallBadHash(deps, scanned, releasedSha256)
  if (answer.result === 'found')
    return { outcome: 'infected', finding: { ...answer.engine, signature: answer.signature, sha256: file.sha256, releasedSha256 }, bytes }
  if (isOlderDatabase(answer.engine.databaseVersion, ref.databaseVersion)) return { outcome: 'engine-behind', bytes }
  return { outcome: answer.result === 'ok' ? 'passed' : 'not-inspected', ...answer.engine, bytes }
}
