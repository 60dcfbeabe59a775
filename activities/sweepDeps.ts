import type { RunStanding } from '../domain/decideReplay.ts'
import type { SweepWindows } from '../domain/decideStoredObject.ts'
import type { FeedbackQueue } from '../domain/ports.ts'
import type { RescanPace } from '../workflows/contract.ts'
import type { AttachmentDeps } from './attachmentDeps.ts'
import type { RosterDeps } from './roster/rosterDeps.ts'
import type { SyntheticDeps } from './syntheticDeps.ts'

export type SweepDeps = Pick<
  AttachmentDeps,
  'app' | 'sweeper' | 'districtKeys' | 'mailer' | 'incoming' | 'clean' | 'quarantine' | 'scanner' | 'pager' | 'attachmentsQueue'
> &
  Pick<RosterDeps, 'roster' | 'rosterQueue'> &
  SyntheticDeps & {
    /** Asks the server about a scan's run. Rejects when the server cannot be reached: silence is no end. */
    findRun(workflowId: string): Promise<RunStanding>
    /** Null where nobody says which mails bounced. */
    feedbackQueue: FeedbackQueue | null
    /** Runs that notify people are on its queue for that. */
    maintenanceQueue: string
    /** Runs that translate are on it. */
    translationsQueue: string
    windows: SweepWindows
    longestUploadSeconds: number
    /** A scan this old whose run is not there has lost it. */
    lostAfterSeconds: number
    /** A scan that waits for longer than this is told to the engineers. */
    delayedAfterSeconds: number
    rescan: RescanPace
    /** So many days after its last term a school year is closed: what access is by then it has been since the term. */
    schoolYearGraceDays: number
  }
