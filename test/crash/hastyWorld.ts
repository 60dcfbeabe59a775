import type { WorkerConfig } from '../../worker/config.ts'
import { testPace } from '../support/attachmentWorld.ts'

/**
 * Sweeps judge everything at once where production waits for minutes, hours or days, so that only what the rows say protects an object; and a scan
 * is given up by nobody.
 */
export const hastyWorld: Partial<WorkerConfig> = {
  // One that stands still keeps its turn.
  concurrentScans: 60,
  longestUploadSeconds: 0,
  sweepWindows: { straySeconds: -60, vanishedSeconds: -60, failedSeconds: 3_600 },
  lostAfterSeconds: -60,
  quarantineDays: 0,
  // Each file is told for itself, however many there are: what an attack is told as is another test's.
  malwareBurstCount: 1_000_000,
  archiveWindows: { settleMs: 0, overlapMs: 0, retentionMs: 3_600_000 },
  pace: { ...testPace, attemptsPerRound: 3, waitBetweenRoundsMs: 50, roundsPerRun: 200 },
}
