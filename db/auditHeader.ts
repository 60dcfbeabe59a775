import { createHash } from 'node:crypto'
import { toCanonicalBytes } from './auditLeaf.ts'

/** What is signed of a batch. It names the batch before by its hash, so that none can be changed or left out later. */
export type BatchHeader = {
  districtId: string
  number: number
  /** Hex. */
  previousHash: string
  /** Hex. */
  merkleRoot: string
  entryCount: number
  entryIds: readonly string[]
  /** ISO 8601 in UTC. */
  sealedAt: string
}

/** The hash before the first batch. */
export const firstHash = Buffer.alloc(32)

/** The bytes that are hashed and signed. */
export const toHeaderBytes = (header: BatchHeader): Buffer => toCanonicalBytes(header)

export const hashHeader = (headerBytes: Buffer): Buffer => createHash('sha256').update(headerBytes).digest()

/** The key of the key service that signs a district's batches. */
export const toAuditKeyName = (districtId: string): string => `audit/${districtId}`
