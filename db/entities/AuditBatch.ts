import { defineEntity, p } from '@mikro-orm/core'
import type { ColumnClasses } from '../columnClasses.ts'
import { districtWall } from '../districtPolicies.ts'

const properties = {
  districtId: p.uuid().primary(),
  /** 1, 2, 3 … in a district, without gaps. */
  number: p.integer().primary(),
  /** Hash of the batch before; 32 zero bytes for the first. */
  previousHash: p.blob(),
  merkleRoot: p.blob(),
  entryCount: p.integer(),
  /** The sealed entries in leaf order, so that a missing row can be named. */
  entryIds: p.array((id: string) => id).columnType('uuid[]'),
  /** SHA-256 of each entry in the same order, 32 bytes each, so that a changed row can be named. */
  leafHashes: p.blob(),
  sealedAt: p.datetime(),
  /** SHA-256 of the signed header. */
  hash: p.blob(),
  /** ECDSA P-256 over the header, DER. */
  signature: p.blob(),
}

export const auditBatchClasses: ColumnClasses<typeof properties> = {
  districtId: 'internal',
  number: 'internal',
  previousHash: 'internal',
  merkleRoot: 'internal',
  entryCount: 'internal',
  entryIds: 'internal',
  leafHashes: 'internal',
  sealedAt: 'internal',
  hash: 'internal',
  signature: 'internal',
}

/** Audit entries sealed together: a Merkle root, chained to the last batch and signed. */
export const AuditBatchSchema = defineEntity({ name: 'AuditBatch', tableName: 'audit_batches', ...districtWall, properties })
export class AuditBatch extends AuditBatchSchema.class {}
AuditBatchSchema.setClass(AuditBatch)
