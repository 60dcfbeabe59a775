/**
 * What the sweeper does with one object version it sees. Pure: the row that knows the object and the version's age go in.
 * In doubt an object stays: it is looked at again.
 */
import type { AttachmentState } from './attachment.ts'

export type StoredObjectFacts = {
  /** The row that knows the key; null when none does. */
  owner: { state: AttachmentState; pinnedVersionId: string | null } | null
  versionId: string
  ageSeconds: number
}

export type StoredObjectDecision = 'keep' | 'start-scan' | 'remove'

export type SweepWindows = {
  /** From the ticket until no upload that began within it can still be running, and no activity can still be writing. */
  straySeconds: number
  /** How long the client has to say itself that its upload is complete. */
  vanishedSeconds: number
  /** How long the incoming bytes of a failed scan wait for a replay. The incoming bucket holds nothing for longer than a day. */
  failedSeconds: number
}

/** A version in the incoming bucket. A version that a live row needs is never removed, whatever its age. */
export const decideIncomingObject = (facts: StoredObjectFacts, windows: SweepWindows): StoredObjectDecision => {
  const { owner, versionId, ageSeconds } = facts
  const removeAfter = (seconds: number): StoredObjectDecision => (ageSeconds > seconds ? 'remove' : 'keep')
  if (owner === null) return removeAfter(windows.straySeconds)
  if (owner.state === 'awaiting-upload') return ageSeconds > windows.vanishedSeconds ? 'start-scan' : 'keep'
  const isPinned = owner.pinnedVersionId === versionId
  if (owner.state === 'scanning') return owner.pinnedVersionId === null || isPinned ? 'keep' : removeAfter(windows.straySeconds)
  if (owner.state === 'failed')
    return removeAfter(isPinned || owner.pinnedVersionId === null ? windows.failedSeconds : windows.straySeconds)
  return removeAfter(windows.straySeconds)
}

/** An object in the clean or quarantine bucket: kept while a row points at it, and a deleted row points at nothing clean. */
export const decidePlacedObject = (
  { owner, ageSeconds }: Pick<StoredObjectFacts, 'owner' | 'ageSeconds'>,
  bucket: 'clean' | 'quarantine',
  windows: SweepWindows,
): StoredObjectDecision => {
  const isWanted = owner !== null && !(bucket === 'clean' && owner.state === 'deleted')
  return !isWanted && ageSeconds > windows.straySeconds ? 'remove' : 'keep'
}
