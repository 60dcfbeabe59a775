/** How much is measured. */
export type BenchSize = {
  rounds: number
  /** Files a round, and bytes of each. */
  largeFiles: number
  largeBytes: number
  smallFiles: number
  smallBytes: number
  latencies: number
  memoryBytes: readonly [small: number, large: number]
  backlogFiles: number
  outageMs: number
  /** Files of `largeBytes` that a round of re-scans has to look at: more than it gets through meanwhile. */
  rescanFiles: number
  rescanTurns: number
  /** In each turn, beside a round and without one. */
  rescanLatencies: number
}

export const fullSize: BenchSize = {
  rounds: 5,
  largeFiles: 12,
  largeBytes: 5_000_000,
  smallFiles: 150,
  smallBytes: 100_000,
  latencies: 40,
  memoryBytes: [5_000_000, 95_000_000],
  backlogFiles: 500,
  outageMs: 20_000,
  rescanFiles: 24,
  rescanTurns: 4,
  rescanLatencies: 15,
}

export const quickSize: BenchSize = {
  rounds: 1,
  largeFiles: 2,
  largeBytes: 500_000,
  smallFiles: 6,
  smallBytes: 10_000,
  latencies: 3,
  memoryBytes: [500_000, 2_000_000],
  backlogFiles: 8,
  outageMs: 1_500,
  rescanFiles: 24,
  rescanTurns: 1,
  rescanLatencies: 2,
}
