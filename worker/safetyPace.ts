import type { SafetyPace } from '../workflows/contract.ts'

/** Of runs about reports. A day of silence is what a report may meet before somebody else is told. */
export const safetyPace: SafetyPace = {
  stepTimeoutMs: 60_000,
  waitBetweenTriesMs: 1_000,
  waitBetweenTriesMaxMs: 300_000,
  escalateAfterMs: 86_400_000,
}
