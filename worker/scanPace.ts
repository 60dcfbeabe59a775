import type { ScanPace } from '../workflows/contract.ts'

/** How scans go in production. */
export const toScanPace = ({
  roundWaitSeconds,
  delayedAfterSeconds,
}: {
  roundWaitSeconds: number
  delayedAfterSeconds: number
}): ScanPace => ({
  firstStreamTimeoutMs: 90_000,
  streamTimeoutMs: 240_000,
  interruptionsMax: 6,
  setAsideAfterMs: 3_600_000,
  stepTimeoutMs: 30_000,
  heartbeatTimeoutMs: 15_000,
  waitBetweenTriesMs: 1_000,
  attemptsPerRound: 3,
  waitBetweenRoundsMs: roundWaitSeconds * 1_000,
  roundsPerRun: 200,
  delayedAfterMs: delayedAfterSeconds * 1_000,
})
