import { sql } from 'kysely'
import { merkleRoot } from '../crypto/merkleTree.ts'
import type { KeyService } from '../domain/ports.ts'
import { firstHash, hashHeader, toAuditKeyName, toHeaderBytes } from './auditHeader.ts'
import type { BatchHeader } from './auditHeader.ts'
import { toLeaf } from './auditLeaf.ts'
import type { SealedEntry } from './auditLeaf.ts'
import { withDistrict } from './openDatabase.ts'
import type { Database, DistrictTransaction } from './openDatabase.ts'
import { auditColumns } from './queries/auditColumns.ts'
import { findRow, findRows } from './rows.ts'

/** The key service is asked to sign while the batch is open. */
const sealingTimeoutMs = 30_000

export type Sealing = { batchNumber: number; entryCount: number }

type SealDeps = { database: Database; keyService: KeyService; batchEntriesMax?: number }

/**
 * Seals a district's unsealed audit entries into one batch: a Merkle root, chained to the last batch and signed (law 11). One sealer
 * works on a district at a time; a second one answers null at once, as when there is nothing to seal. Call again until null.
 * Rejects, and seals nothing, when the key service cannot be reached.
 */
export const sealAudit = async (
  { database, keyService, batchEntriesMax = 2_000 }: SealDeps,
  districtId: string,
): Promise<Sealing | null> => {
  await keyService.ensureKey(toAuditKeyName(districtId), 'sign')
  return withDistrict(
    database,
    districtId,
    async (tx) => {
      if (!(await claimSealer(tx))) return null
      const entries = await findUnsealed(tx, batchEntriesMax)
      if (entries.length === 0) return null
      const header = await toNextHeader(tx, entries)
      const headerBytes = toHeaderBytes(header)
      const signature = await keyService.sign(toAuditKeyName(districtId), headerBytes)
      await insertBatch(tx, { header, leaves: entries.map(toLeaf), hash: hashHeader(headerBytes), signature })
      await markSealed(tx, header)
      return { batchNumber: header.number, entryCount: entries.length }
    },
    { transactionTimeoutMs: sealingTimeoutMs },
  )
}

const claimSealer = async ({ db, districtId }: DistrictTransaction): Promise<boolean> => {
  const row = await findRow(
    db,
    sql<{ isMine: boolean }>`select pg_try_advisory_xact_lock(hashtextextended(${`audit/${districtId}`}, 0)) as "isMine"`,
  )
  return row?.isMine === true
}

/** By flag, not by id or time: ids commit out of order. */
const findUnsealed = ({ db, districtId }: DistrictTransaction, limit: number): Promise<SealedEntry[]> =>
  findRows(
    db,
    sql<SealedEntry>`
      select ${auditColumns('e')} from audit_entries e
      where e.district_id = ${districtId} and e.batch_number is null
      order by e.id
      limit ${limit}`,
  )

const toNextHeader = async ({ db, districtId }: DistrictTransaction, entries: SealedEntry[]): Promise<BatchHeader> => {
  const last = await findRow(
    db,
    sql<{ number: number; hash: Buffer }>`
      select number, hash from audit_batches where district_id = ${districtId} order by number desc limit 1`,
  )
  return {
    districtId,
    number: (last?.number ?? 0) + 1,
    previousHash: (last?.hash ?? firstHash).toString('hex'),
    merkleRoot: merkleRoot(entries.map(toLeaf)).toString('hex'),
    entryCount: entries.length,
    entryIds: entries.map(({ id }) => id),
    sealedAt: new Date().toISOString(),
  }
}

const insertBatch = async (
  { db }: DistrictTransaction,
  { header, leaves, hash, signature }: { header: BatchHeader; leaves: Buffer[]; hash: Buffer; signature: Buffer },
): Promise<void> => {
  await sql`
    insert into audit_batches (district_id, number, previous_hash, merkle_root, entry_count, entry_ids, leaf_hashes, sealed_at, hash, signature)
    values (${header.districtId}, ${header.number}, ${Buffer.from(header.previousHash, 'hex')}, ${Buffer.from(header.merkleRoot, 'hex')},
      ${header.entryCount}, ${[...header.entryIds]}::uuid[], ${Buffer.concat(leaves)}, ${header.sealedAt}, ${hash}, ${signature})`.execute(
    db,
  )
}

const markSealed = async ({ db, districtId }: DistrictTransaction, header: BatchHeader): Promise<void> => {
  const { numAffectedRows } = await sql`
    update audit_entries set batch_number = ${header.number}
    where district_id = ${districtId} and id = any(${[...header.entryIds]}::uuid[]) and batch_number is null`.execute(db)
  if (numAffectedRows !== BigInt(header.entryCount)) throw new Error('the audit entries changed while they were sealed')
}
