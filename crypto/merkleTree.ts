/**
 * The Merkle tree hash of RFC 6962 §2.1 (RFC 9162 §2.1.1), SHA-256. Leaves and nodes are hashed under different prefixes, so a node
 * can never be passed off as a leaf, and an odd leaf is carried up, never doubled, so no two lists of leaves share a root.
 */
import { createHash } from 'node:crypto'

const leafPrefix = Buffer.from([0])
const nodePrefix = Buffer.from([1])

/** 32 bytes. The root of no leaves is SHA-256 of nothing. */
export const merkleRoot = (leaves: readonly Buffer[]): Buffer => {
  if (leaves.length === 0) return createHash('sha256').digest()
  // Joining neighbours level by level and carrying the odd one up gives the RFC's tree: its left part is always the largest power of two.
  let level = leaves.map(hashLeaf)
  while (level.length > 1) level = joinPairs(level)
  return level[0] as Buffer
}

const joinPairs = (level: readonly Buffer[]): Buffer[] => {
  const parents: Buffer[] = []
  for (let index = 0; index < level.length; index += 2) {
    const left = level[index] as Buffer
    const right = level[index + 1]
    parents.push(right ? hashNode(left, right) : left)
  }
  return parents
}

const hashLeaf = (leaf: Buffer): Buffer => createHash('sha256').update(leafPrefix).update(leaf).digest()
const hashNode = (left: Buffer, right: Buffer): Buffer => createHash('sha256').update(nodePrefix).update(left).update(right).digest()
