import { createPublicKey, verify } from 'node:crypto'
import { sql } from 'kysely'
import { merkleRoot } from '../crypto/merkleTree.ts'
import { firstHash, hashHeader, toHeaderBytes } from './auditHeader.ts'
import type { BatchHeader } from './auditHeader.ts'
import { toLeaf } from './auditLeaf.ts'
import type { SealedEntry } from './auditLeaf.ts'
import { readDistrict } from './openDatabase.ts'
import type { Database, DistrictTransaction } from './openDatabase.ts'
import { auditColumns } from './queries/auditColumns.ts'
import { findRow, findRows } from './rows.ts'

/** What is wrong with the first bad batch, and which row shows it. */
export type AuditFault = {
  batchNumber: number
  entryId: string | null
  kind:
    | 'batch-missing'
    | 'chain-broken'
    | 'batch-changed'
    | 'signature-invalid'
    | 'entry-changed'
    | 'entry-missing'
    | 'entry-not-sealed'
    | 'anchor-not-found'
}

export type AuditVerification = {
  districtId: string
  batches: number
  sealedEntries: number
  unsealedEntries: number
  /** Number and hex hash of the newest batch. Keep it elsewhere: given as `anchor` later, it shows whether the end was cut off. */
  head: AuditAnchor | null
  fault: AuditFault | null
}

export type AuditAnchor = { number: number; hash: string }

type BatchRow = {
  number: number
  previousHash: Buffer
  merkleRoot: Buffer
  entryCount: number
  entryIds: string[]
  leafHashes: Buffer
  sealedAt: string
  hash: Buffer
  signature: Buffer
}

/**
 * Checks a district's audit log from its first batch on, in one snapshot: the chain, the signatures under the public key (the key
 * service's `publicKey('audit/{districtId}')`; asked for only if there is a batch), the Merkle roots and every sealed row. Stops at the
 * first fault and names it.
 */
export const verifyAudit = (
  { database, readPublicKey }: { database: Database; readPublicKey: () => Promise<string> },
  districtId: string,
  anchor: AuditAnchor | null = null,
): Promise<AuditVerification> =>
  readDistrict(database, districtId, async (tx) => {
    const unsealed = await findRow(
      tx.db,
      sql<{ count: number }>`select count(*)::int as count from audit_entries where district_id = ${districtId} and batch_number is null`,
    )
    const result: AuditVerification = {
      districtId,
      batches: 0,
      sealedEntries: 0,
      unsealedEntries: unsealed?.count ?? 0,
      head: null,
      fault: null,
    }
    let previousHash: Buffer = firstHash
    let publicKeyPem: string | null = null
    for (;;) {
      const batch = await findNextBatch(tx, result.batches)
      if (batch === null) break
      publicKeyPem ??= await readPublicKey()
      result.fault = await checkBatch(tx, { batch, expectedNumber: result.batches + 1, previousHash, publicKeyPem, anchor })
      if (result.fault) return result
      result.batches += 1
      result.sealedEntries += batch.entryCount
      result.head = { number: batch.number, hash: batch.hash.toString('hex') }
      previousHash = batch.hash
    }
    return { ...result, fault: await checkEnd(tx, result.batches, anchor) }
  })

const findNextBatch = ({ db, districtId }: DistrictTransaction, after: number): Promise<BatchRow | null> =>
  findRow(
    db,
    sql<BatchRow>`
      select number, previous_hash as "previousHash", merkle_root as "merkleRoot", entry_count as "entryCount", entry_ids::text[] as "entryIds",
        leaf_hashes as "leafHashes", sealed_at as "sealedAt", hash, signature
      from audit_batches where district_id = ${districtId} and number > ${after}
      order by number limit 1`,
  )

type BatchCheck = { batch: BatchRow; expectedNumber: number; previousHash: Buffer; publicKeyPem: string; anchor: AuditAnchor | null }

const checkBatch = async (tx: DistrictTransaction, check: BatchCheck): Promise<AuditFault | null> => {
  const { batch, expectedNumber, anchor } = check
  const fault = (kind: AuditFault['kind']): AuditFault => ({ batchNumber: expectedNumber, entryId: null, kind })
  if (batch.number !== expectedNumber) return fault('batch-missing')
  const kind = findBatchFault(tx.districtId, check)
  if (kind !== null) return fault(kind)
  if (anchor?.number === batch.number && anchor.hash !== batch.hash.toString('hex')) return fault('anchor-not-found')
  return checkEntries(tx, batch)
}

/** What the batch's own row gives away. */
const findBatchFault = (districtId: string, { batch, previousHash, publicKeyPem }: BatchCheck): AuditFault['kind'] | null => {
  const header: BatchHeader = {
    districtId,
    number: batch.number,
    previousHash: batch.previousHash.toString('hex'),
    merkleRoot: batch.merkleRoot.toString('hex'),
    entryCount: batch.entryCount,
    entryIds: batch.entryIds,
    sealedAt: new Date(batch.sealedAt).toISOString(),
  }
  const headerBytes = toHeaderBytes(header)
  if (!verify('sha256', headerBytes, createPublicKey(publicKeyPem), batch.signature)) {
    return hashHeader(headerBytes).equals(batch.hash) ? 'signature-invalid' : 'batch-changed'
  }
  if (!hashHeader(headerBytes).equals(batch.hash)) return 'batch-changed'
  if (!batch.previousHash.equals(previousHash)) return 'chain-broken'
  const leaves = toLeaves(batch.leafHashes)
  if (leaves.length !== batch.entryCount || batch.entryIds.length !== batch.entryCount) return 'batch-changed'
  return merkleRoot(leaves).equals(batch.merkleRoot) ? null : 'batch-changed'
}

const toLeaves = (leafHashes: Buffer): Buffer[] =>
  Array.from({ length: Math.ceil(leafHashes.length / 32) }, (_, index) => leafHashes.subarray(index * 32, index * 32 + 32))

const checkEntries = async ({ db, districtId }: DistrictTransaction, batch: BatchRow): Promise<AuditFault | null> => {
  const rows = await findRows(
    db,
    sql<SealedEntry>`
      select ${auditColumns('e')} from audit_entries e
      where e.district_id = ${districtId} and e.batch_number = ${batch.number}
      order by e.id`,
  )
  const found = new Map(rows.map((row) => [row.id, row]))
  const leaves = toLeaves(batch.leafHashes)
  const sealed = new Set(batch.entryIds)
  for (const [index, entryId] of batch.entryIds.entries()) {
    const row = found.get(entryId)
    if (row === undefined) return { batchNumber: batch.number, entryId, kind: 'entry-missing' }
    if (!leaves[index]?.equals(toLeaf(row))) return { batchNumber: batch.number, entryId, kind: 'entry-changed' }
  }
  const stranger = rows.find(({ id }) => !sealed.has(id))
  return stranger ? { batchNumber: batch.number, entryId: stranger.id, kind: 'entry-not-sealed' } : null
}

/** Rows or an anchor that speak of a batch beyond the last one: the end was cut off. */
const checkEnd = async (
  { db, districtId }: DistrictTransaction,
  batches: number,
  anchor: AuditAnchor | null,
): Promise<AuditFault | null> => {
  const orphan = await findRow(
    db,
    sql<{ id: string; batchNumber: number }>`
      select id, batch_number as "batchNumber" from audit_entries
      where district_id = ${districtId} and batch_number > ${batches}
      order by batch_number, id limit 1`,
  )
  if (orphan) return { batchNumber: orphan.batchNumber, entryId: orphan.id, kind: 'batch-missing' }
  if (anchor && anchor.number > batches) return { batchNumber: anchor.number, entryId: null, kind: 'anchor-not-found' }
  return null
}
