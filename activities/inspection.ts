import type { RefusalReason, Verdict } from '../domain/attachment.ts'

/** What one inspection of the pinned bytes found. Counts, verdicts and hashes only: it lies in workflow histories (law 7). */
export type Inspection = {
  verdict: Verdict
  /** The engine's name for what it found or could not inspect; null when it said nothing but OK or was not asked. */
  signature: string | null
  /** Set exactly when the verdict is `unscannable`. */
  refusalReason: RefusalReason | null
  engine: string | null
  databaseVersion: string | null
  /** Lower-case hex of the pinned bytes. */
  sha256: string
  bytes: number
  /** What the bytes are, by their own look; null when they are none of the listed types. */
  sniffedType: string | null
}

/** This run may no longer act: the row is gone, deleted, ended, or belongs to a later attempt. */
export type Superseded = { outcome: 'superseded' }
