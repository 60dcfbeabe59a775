import type { ListedState } from '../db/queries/listScans.ts'
import type { Scan } from '../db/queries/scanRow.ts'
import type { KnownRun } from './describeRun.ts'

/**
 * How far a scan has come, as on-call asks for it. `scanning`: on its way, in time. `delayed`: on its way for longer than the alert allows. `lost`: on its way, but its run
 * is closed or gone. `failed`: an incurable fault of ours. `quarantined` and `refused`: ends as they should be.
 */
export const scanStages = ['scanning', 'delayed', 'lost', 'failed', 'quarantined', 'refused'] as const
export type ScanStageName = (typeof scanStages)[number]

export const toListedState = (stage: ScanStageName): ListedState => (stage === 'delayed' || stage === 'lost' ? 'scanning' : stage)

/** `run` is undefined when the server did not answer: then by the row alone. */
export const toStage = (
  scan: Pick<Scan, 'state' | 'uploadCompletedAt'>,
  run: KnownRun | null | undefined,
  isStartWaiting: boolean,
  delayedAfterSeconds: number,
): string => {
  if (scan.state !== 'scanning') return scan.state
  if (run === null ? !isStartWaiting : run?.isOpen === false) return 'lost'
  const waitsMs = Date.now() - (scan.uploadCompletedAt?.getTime() ?? Date.now())
  return run?.stage === 'delayed' || waitsMs >= delayedAfterSeconds * 1_000 ? 'delayed' : 'scanning'
}
