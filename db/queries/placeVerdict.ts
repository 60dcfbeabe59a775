import { sql } from 'kysely'
import type { RefusalReason, Verdict } from '../../domain/attachment.ts'
import type { DistrictTransaction } from '../openDatabase.ts'
import { operationsDistrictId } from '../operationsDistrict.ts'
import { rememberBadHash } from './rememberBadHash.ts'
import { stateAllows } from './stateAllows.ts'

/** What was found, and where the object now lies. The bytes are those of the inspected version. */
export type PlacedVerdict = {
  signature: string | null
  engine: string | null
  databaseVersion: string | null
  /** Lower-case hex. */
  sha256: string
  sniffedType: string | null
} & (
  | { verdict: 'clean'; cleanKey: string; cleanBytes: number; cleanContentType: string }
  | { verdict: 'infected'; quarantineKey: string; quarantineDays: number }
  | { verdict: 'unscannable'; refusalReason: RefusalReason }
)

/**
 * Writes down the verdict of one attempt beside the place of its object; the state stays `scanning` until the incoming versions
 * are gone (`closeScan`). The first writer of the attempt wins: whoever reads `false` deletes what it wrote to a bucket.
 * The hash of what was found infected is known as bad from the same commit on.
 */
export const placeVerdict = async (
  tx: DistrictTransaction,
  attachmentId: string,
  attempt: number,
  placed: PlacedVerdict,
): Promise<boolean> => {
  const verdict: Verdict = placed.verdict
  const clean = placed.verdict === 'clean' ? placed : null
  const infected = placed.verdict === 'infected' ? placed : null
  const refusalReason = placed.verdict === 'unscannable' ? placed.refusalReason : null
  const { numAffectedRows } = await sql`
    update attachments a
    set verdict = ${verdict}, refusal_reason = ${refusalReason}, signature = ${placed.signature}, engine = ${placed.engine},
        database_version = ${placed.databaseVersion}, sha256 = ${Buffer.from(placed.sha256, 'hex')}, sniffed_type = ${placed.sniffedType},
        clean_key = ${clean?.cleanKey ?? null}, clean_bytes = ${clean?.cleanBytes ?? null}, clean_content_type = ${clean?.cleanContentType ?? null},
        quarantine_key = ${infected?.quarantineKey ?? null},
        purge_after = now() + make_interval(secs => ${infected === null ? null : infected.quarantineDays * 86_400}),
        scanned_at = now()
    where district_id = ${tx.districtId} and id = ${attachmentId}
      and ${stateAllows('a', 'recordVerdict')} and attempt = ${attempt} and verdict is null`.execute(tx.db)
  if (numAffectedRows !== 1n) return false
  const { sha256, signature, engine, databaseVersion } = placed
  // The test virus of our own is another one every time.
  if (tx.districtId === operationsDistrictId) return true
  if (infected !== null && signature !== null && engine !== null && databaseVersion !== null)
    await rememberBadHash(tx, { sha256, signature, engine, databaseVersion })
  return true
}
