import { merkleRoot } from '../crypto/merkleTree.ts'
import { decideScope } from '../domain/roster/decideScope.ts'
import type { DistrictTransaction } from './openDatabase.ts'
import { findScopeFacts, type ScopeRecord } from './queries/findScopeFacts.ts'

/** Whom an announcement was for: ids in ascending order, and the Merkle root (RFC 6962) whose leaves are these ids as text, lower case. */
export type ComputedScope = { recipientIds: string[]; root: Buffer }

/** Works out who the recipients were, by the roster by which the announcement was let be written. Several statements. */
export const computeScope = async (tx: DistrictTransaction, scope: ScopeRecord): Promise<ComputedScope> => {
  const recipientIds = decideScope(await findScopeFacts(tx, scope), scope).map(({ userId }) => userId)
  return { recipientIds, root: merkleRoot(recipientIds.map((id) => Buffer.from(id))) }
}
