import type { RosterPace } from '../workflows/contract.ts'

/** Of runs about rosters. A day of silence is what the brake's decision may take before somebody else is told. */
export const rosterPace: RosterPace = {
  stepTimeoutMs: 30_000,
  applyTimeoutMs: 3 * 3_600_000,
  heartbeatTimeoutMs: 60_000,
  waitBetweenTriesMs: 1_000,
  waitBetweenRoundsMs: 60_000,
  interruptionsMax: 5,
  turnWaitMs: 30_000,
  decisionWaitMs: 300_000,
  escalateAfterMs: 86_400_000,
  waitsPerRun: 50,
}
