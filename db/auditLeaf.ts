import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'

/** An audit entry as it is sealed: what was recorded, nothing that is written later. */
export type SealedEntry = {
  districtId: string
  id: string
  /** ISO 8601 in UTC with microseconds, as the database keeps it. */
  at: string
  actorKind: string
  actor: string
  action: string
  targetKind: string
  target: string
  reason: string | null
  details: unknown
}

/** JSON of one form (RFC 8785), so that equal values always give equal bytes. */
export const toCanonicalBytes = (value: unknown): Buffer => {
  const text = canonicalize(value)
  if (text === undefined) throw new TypeError('the value has no JSON form')
  return Buffer.from(text, 'utf8')
}

/** SHA-256 over the canonical JSON of an entry: the leaf of the batch's Merkle tree, 32 bytes. */
export const toLeaf = (entry: SealedEntry): Buffer => createHash('sha256').update(toCanonicalBytes(entry)).digest()
