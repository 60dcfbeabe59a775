import type { SweepWindows } from '../domain/decideStoredObject.ts'
import type { RescanPace } from '../workflows/contract.ts'
import type { AttachmentDeps } from './attachmentDeps.ts'
import type { SyntheticDeps } from './syntheticDeps.ts'

/** What the server knows of a run: `lost` when there is none under this id, or it is closed. */
export type RunStanding = 'running' | 'lost'

export type SweepDeps = Pick<
  AttachmentDeps,
  'app' | 'sweeper' | 'incoming' | 'clean' | 'quarantine' | 'scanner' | 'pager' | 'attachmentsQueue'
> &
  SyntheticDeps & {
    /** Asks the server about a scan's run. Rejects when the server cannot be reached: silence is not `lost`. */
    findRun(workflowId: string): Promise<RunStanding>
    windows: SweepWindows
    longestUploadSeconds: number
    /** A scan this old whose run is not there has lost it. */
    lostAfterSeconds: number
    /** A scan that waits for longer than this is told to the engineers. */
    delayedAfterSeconds: number
    rescan: RescanPace
  }
